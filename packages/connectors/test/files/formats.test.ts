import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CsvFormat,
  type CsvOptions,
  type FileFormat,
  FileSource,
  JsonLinesFormat,
  WholeFileFormat,
} from '../../src/files/index.ts';
import { toCsvRow } from '../../src/files/sink/csv-row.ts';
import { readSource, readWithRestores } from './read-source.ts';
import { makeDirectory } from './temporary-directory.ts';

function sourceOf<T>(format: FileFormat<T>, content: string | Uint8Array, name = 'input'): FileSource<T> {
  const path = join(makeDirectory(), name);
  writeFileSync(path, content);
  return FileSource.forRecordStreamFormat(format, path).build();
}

async function read<T>(format: FileFormat<T>, content: string | Uint8Array, name?: string): Promise<T[]> {
  return (await readSource(sourceOf(format, content, name))).records;
}

const csv = (options: CsvOptions, content: string): Promise<unknown[]> =>
  read(new CsvFormat<unknown>(options), content);

test('CSV with a header gives objects, with typed columns', async () => {
  const types = { id: 'int', temperature: 'double', ok: 'boolean', at: 'date', extra: 'json' } as const;
  const content =
    '\ufeffid,temperature,ok,at,extra,name\r\n1,2.5,true,2020-01-02T03:04:05Z,"{""a"":[1]}",여울\r\n2,,0,1000,,\r\n';
  expect(await csv({ types }, content)).toEqual([
    { id: 1, temperature: 2.5, ok: true, at: new Date('2020-01-02T03:04:05Z'), extra: { a: [1] }, name: '여울' },
    { id: 2, temperature: null, ok: false, at: new Date(1000), extra: null, name: '' },
  ]);
});

test('quoted fields hold delimiters, quotes and line ends', async () => {
  const content = 'a,b\n"1,2","say ""hi"""\n"two\r\nlines","\n"\nlast,one';
  const rows = [
    { a: '1,2', b: 'say "hi"' },
    { a: 'two\r\nlines', b: '\n' },
    { a: 'last', b: 'one' },
  ];
  expect(await csv({}, content)).toEqual(rows);
  expect(await read(new CsvFormat({}), gzipSync(content), 'input.gz')).toEqual(rows);
});

test('without a header there are arrays, or the names given; other delimiters, quotes and escapes', async () => {
  expect(await csv({ columns: false }, 'a,b\n\n1\n')).toEqual([['a', 'b'], ['1']]);
  expect(await csv({ columns: ['x', 'y'], delimiter: ';' }, 'a;b\n')).toEqual([{ x: 'a', y: 'b' }]);
  expect(await csv({ columns: false, quote: false }, 'it"s,"x"\n')).toEqual([['it"s', '"x"']]);
  expect(await csv({ columns: false, quote: "'", escape: '\\' }, "'a\\'b\n,',c\n")).toEqual([["a'b\n,", 'c']]);
  expect(await csv({ columns: false, trim: true }, ' a , b \n')).toEqual([['a', 'b']]);
});

test.each([
  ['too few fields', {}, 'a,b\n1,2\n3\n', 'a record has 1 fields, not 2: ["3"]'],
  [
    'a value of another type',
    { types: { a: 'int' } },
    'a,b\n1,2\nx,4\n',
    'column "a": "x" is not a whole number (record ["x","4"])',
  ],
  ['a quote in the middle', {}, 'a,b\n1,2\n3,x"y\n', 'Invalid Opening Quote'],
  ['a quote that is never closed', {}, 'a,b\n1,"2\n', 'Quote Not Closed'],
] as const)('CSV with %s is an error with its place', async (_, options, content, text) => {
  const failure = csv(options as CsvOptions, content);
  await expect(failure).rejects.toMatchObject({ code: 'FILE_RECORD_INVALID' });
  await expect(failure).rejects.toThrow(text);
});

test('an open quote does not read the whole file into memory', async () => {
  const content = `a\n"${'x\n'.repeat(400_000)}`;
  await expect(csv({ maxRecordBytes: 100_000 }, content)).rejects.toMatchObject({ code: 'LINE_TOO_LONG' });
});

test.each([
  [{ delimiter: 'ab' }, 'delimiter is "ab": give one ASCII character that is no line end'],
  [{ columns: [] }, 'columns is an empty list'],
  [{ columns: false, types: { a: 'int' } }, 'types is given with columns: false'],
  [{ types: { a: 'money' } }, 'types.a is "money": give one of string, int'],
])('CSV options %j are refused', (options, text) => {
  expect(() => new CsvFormat(options as CsvOptions)).toThrow(text);
});

const field = fc.string({ unit: fc.constantFrom('a', 'b', '"', ',', '\n', '\r\n', ' ', '여'), maxLength: 8 });
const rowsOf = fc.array(fc.tuple(fc.constantFrom('k', 'v'), field, field), { minLength: 1, maxLength: 40 });

test('what is written as CSV is read as it was, with a restore after every few records', async () => {
  await fc.assert(
    fc.asyncProperty(rowsOf, fc.integer({ min: 1, max: 5 }), fc.boolean(), async (rows, stride, hasHeader) => {
      const text = rows.map((row) => toCsvRow(row, ',', '\n')).join('');
      const format = new CsvFormat<unknown>(hasHeader ? {} : { columns: false });
      const source = sourceOf(format, hasHeader ? `x,y,z\n${text}` : text);
      const expected = hasHeader ? rows.map(([x, y, z]) => ({ x, y, z })) : rows;
      expect(await readWithRestores(source, stride)).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});

test('CSV of several chunks is read as it was, with restores', async () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => ({
    id: String(i),
    text: `line "${i}"\n${'x'.repeat(i % 60)}`,
  }));
  const content = `id,text\n${rows.map((row) => toCsvRow(row, ',', '\n')).join('')}`;
  expect(await readWithRestores(sourceOf(new CsvFormat<unknown>(), content), 7001)).toEqual(rows);
});

test('JSON lines: one value per line, empty lines left out; an invalid one is an error, or skipped', async () => {
  const content = '{"a":1}\n\n[1,2]\r\n"x"\nnull\n';
  expect(await read(new JsonLinesFormat(), content)).toEqual([{ a: 1 }, [1, 2], 'x', null]);
  await expect(read(new JsonLinesFormat(), '{"a":1}\n{oops\n')).rejects.toThrow(/near byte 8 is not valid JSON/);
  expect(await read(new JsonLinesFormat({ invalidLines: 'skip' }), '1\n{oops\n2\n')).toEqual([1, 2]);
});

test('a whole file is one record, once, with its path; over the limit it is an error', async () => {
  const format = new WholeFileFormat((content, path) => `${path.endsWith('input')}:${content.toString()}`);
  expect(await readWithRestores(sourceOf(format, 'a\nb'), 1)).toEqual(['true:a\nb']);
  expect(await read(new WholeFileFormat((content) => content.length), '')).toEqual([0]);
  const large = new WholeFileFormat((content) => content.length, { maxFileBytes: 5 });
  await expect(read(large, 'x'.repeat(600_000))).rejects.toMatchObject({ code: 'LINE_TOO_LONG' });
  const broken = new WholeFileFormat(() => JSON.parse('{') as unknown);
  await expect(read(broken, 'x')).rejects.toMatchObject({ code: 'FILE_RECORD_INVALID' });
});
