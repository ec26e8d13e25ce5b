import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PENDING } from '../../src/files/formats/file-format.ts';
import { LineReader } from '../../src/files/formats/line-reader.ts';
import { ENDED, type FileRange, FileSource, TextLineFormat, type TextLineOptions } from '../../src/files/index.ts';
import { openByteInput } from '../../src/files/source/byte-input.ts';
import { blockSizeBytes, cutIntoRanges, splitIdOf } from '../../src/files/source/file-split.ts';
import { readSource, readWithRestores } from './read-source.ts';
import { makeDirectory } from './temporary-directory.ts';

function linesOf(path: string, options: TextLineOptions = {}): FileSource<string> {
  return FileSource.forRecordStreamFormat(new TextLineFormat(options), path).build();
}

function writeFile(content: string | Uint8Array, name = 'input.txt'): string {
  const path = join(makeDirectory(), name);
  writeFileSync(path, content);
  return path;
}

test.each([
  ['an empty file', '', []],
  ['one line', 'a\n', ['a']],
  ['a last line without a line end', 'a\nb', ['a', 'b']],
  ['empty lines', '\n\na\n\n', ['', '', 'a', '']],
  ['CR LF', 'a\r\nb\r\n\r\nc', ['a', 'b', '', 'c']],
  ['CR inside a line', 'a\rb\n', ['a\rb']],
  ['a byte order mark', '\ufeffa\nb\n', ['a', 'b']],
  ['a mark alone', '\ufeff', ['']],
  ['a mark in the middle is text', 'a\n\ufeffb\n', ['a', '\ufeffb']],
  ['text beyond ASCII', '여울\n𝔸é\n', ['여울', '𝔸é']],
])('lines of %s', async (_, content, lines) => {
  expect((await readSource(linesOf(writeFile(content)))).records).toEqual(lines);
  expect((await readSource(linesOf(writeFile(gzipSync(content), 'input.txt.gz')))).records).toEqual(lines);
});

test('the last line of a chunk and lines longer than a chunk are whole', async () => {
  const lines = [262_143, 1, 262_144, 524_288, 3_000_000, 0, 5].map((length, i) => String(i).repeat(length));
  expect((await readSource(linesOf(writeFile(lines.join('\n'))))).records).toEqual(lines);
});

test('latin1 is read as such; bytes that are no UTF-8 are replaced, or refused', async () => {
  const path = writeFile(Buffer.from([0x61, 0xe9, 0x0a, 0x62, 0x0a]));
  expect((await readSource(linesOf(path, { encoding: 'ISO-8859-1' }))).records).toEqual(['aé', 'b']);
  expect((await readSource(linesOf(path))).records).toEqual(['a\ufffd', 'b']);
  await expect(readSource(linesOf(path, { invalidBytes: 'fail' }))).rejects.toThrow(
    `A record of ${path} near byte 0 is not valid UTF-8: set the encoding to latin1, or allow replacement characters`,
  );
});

test('an unknown encoding names those there are', () => {
  expect(() => new TextLineFormat({ encoding: 'utf-16' })).toThrow('encoding is "utf-16": give one of utf-8, latin1');
});

test('a line over the limit is refused with its place, whether its end is in sight or not', async () => {
  const options = { maxLineBytes: 10 };
  const error = (path: string) => `A record of ${path} that starts at byte 2 is longer than 10 bytes (maxLineBytes)`;
  for (const content of [`a\n${'x'.repeat(11)}\nb\n`, `a\n${'x'.repeat(2_000_000)}`]) {
    const path = writeFile(content);
    await expect(readSource(linesOf(path, options))).rejects.toThrow(error(path));
  }
  expect((await readSource(linesOf(writeFile(`${'x'.repeat(10)}\n`), options))).records).toEqual(['x'.repeat(10)]);
});

test('a missing path, a directory without files and a file that was cut are told apart', async () => {
  const directory = makeDirectory();
  writeFileSync(join(directory, '_SUCCESS'), '');
  writeFileSync(join(directory, '.part-0-0.inprogress'), 'x\n');
  await expect(readSource(linesOf(join(directory, 'none')))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  await expect(readSource(linesOf(directory))).rejects.toThrow(
    `Directory ${directory} has no file to read (2 were left out`,
  );
  const path = writeFile('a\nb\n');
  const { snapshot } = await readSource(linesOf(path), { limit: 2 });
  writeFileSync(path, 'a');
  await expect(readSource(linesOf(path), { restored: snapshot })).rejects.toMatchObject({ code: 'FILE_SHRUNK' });
});

test('a damaged or cut-off gzip file is named', async () => {
  const whole = gzipSync('line\n'.repeat(10_000));
  for (const bytes of [whole.subarray(0, whole.length - 9), Buffer.from('no gzip at all')]) {
    const path = writeFile(bytes, 'input.gz');
    await expect(readSource(linesOf(path))).rejects.toThrow(`File ${path} is damaged or cut off: `);
  }
});

test('a directory gives its files in the order of their paths, filtered, with those below', async () => {
  const directory = makeDirectory();
  mkdirSync(join(directory, 'sub', '_temporary'), { recursive: true });
  for (const name of ['b.log', 'a.log', 'c.txt', 'sub/d.log', 'sub/_temporary/e.log']) {
    writeFileSync(join(directory, name), `${name}\n`);
  }
  const builder = () => FileSource.forRecordStreamFormat(new TextLineFormat(), directory);
  const read = async (source: FileSource<string>) => (await readSource(source)).records;
  expect(await read(builder().build())).toEqual(['a.log', 'b.log', 'c.txt', 'sub/d.log']);
  expect(await read(builder().filter('**/*.log').build())).toEqual(['a.log', 'b.log', 'sub/d.log']);
  expect(await read(builder().filter('*.{txt,md}').build())).toEqual(['c.txt']);
  expect(await read(builder().recursive(false).build())).toEqual(['a.log', 'b.log', 'c.txt']);
  expect(
    await read(FileSource.forRecordStreamFormat(new TextLineFormat(), `file://${directory}/c.txt`).build()),
  ).toEqual(['c.txt']);
});

test('a file that grew between two runs brings no byte back under a new id', () => {
  for (const size of [0, 1, 4 << 20, 300 << 20, 1 << 30, 2 ** 36]) {
    const before = new Set(cutIntoRanges('f', size).map(splitIdOf));
    const after = cutIntoRanges('f', size * 3 + 1).map(splitIdOf);
    expect(after.filter((id) => !before.has(id)).every((id) => Number(id.slice(2)) >= size)).toBe(true);
    expect(blockSizeBytes(size)).toBeLessThanOrEqual(64 << 20);
  }
});

/** Reads the given ranges one by one, each with a restore after every `stride` lines. */
function readRanges(ranges: readonly FileRange[], stride: number): string[] {
  const options = {
    formatName: 'text',
    encoding: 'utf-8',
    invalidBytes: 'replace',
    maxLineBytes: 1000,
    parse: undefined,
  } as const;
  const lines: string[] = [];
  for (let range of ranges) {
    for (let ended = false; !ended; ) {
      const offset = range.progress?.offsetBytes ?? Math.max(0, range.startBytes - 1);
      const input = openByteInput(range.path, offset);
      const reader = new LineReader<string>(range, input, options);
      for (let i = 0; i < stride && !ended; i++) {
        const line = reader.next();
        if (line === ENDED) ended = true;
        else if (line !== PENDING) lines.push(line);
      }
      range = { ...range, progress: reader.progress() };
      input.close();
    }
  }
  return lines;
}

test('lines are the same however the file is cut and wherever reading is restored', () => {
  const path = join(makeDirectory(), 'random.txt');
  const piece = fc.constantFrom('a', 'bc', '여', '\r', '\n', '\r\n', 'x'.repeat(40));
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 60 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 9 }),
      (pieces, block, stride) => {
        const content = pieces.join('');
        writeFileSync(path, content);
        const lines = content.split('\n').map((line) => line.replace(/\r$/, ''));
        if (content === '' || content.endsWith('\n')) lines.pop();
        expect(readRanges(cutIntoRanges(path, Buffer.byteLength(content), block), stride)).toEqual(lines);
      },
    ),
    { numRuns: 400 },
  );
});

test.each(['input.txt', 'input.txt.gz'])('%s goes on exactly after a snapshot at every record', async (name) => {
  const lines = Array.from({ length: 60 }, (_, i) => `line ${i} ${'é'.repeat(i)}`);
  const content = `\ufeff${lines.join('\r\n')}`;
  const path = writeFile(name.endsWith('.gz') ? gzipSync(content) : content, name);
  for (const stride of [1, 7]) expect(await readWithRestores(linesOf(path), stride)).toEqual(lines);
});

test('subtasks share the blocks of a large file; every line is read once, also by another number of subtasks later', async () => {
  const path = join(makeDirectory(), 'large.txt');
  const block = Array.from({ length: 20_000 }, (_, i) => `${'word '.repeat(i % 20)}${i}`).join('\n');
  for (let i = 0; i < 10; i++) appendFileSync(path, `${block}\n`);
  const source = linesOf(path);
  const halves = await Promise.all(
    [0, 1].map((subtask) => readSource(source, { parallelism: 2, subtask, limit: 70_000 })),
  );
  const restored = halves.flatMap((half) => half.snapshot);
  const rest = await Promise.all([0, 1, 2].map((subtask) => readSource(source, { parallelism: 3, subtask, restored })));
  const read = [...halves, ...rest].flatMap((part) => part.records).sort();
  expect(read.length).toBe(200_000);
  expect(read).toEqual(
    Array.from({ length: 10 }, () => block.split('\n'))
      .flat()
      .sort(),
  );
});
