import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DelimitedText } from '../src/delimited-text.ts';

function cut(content: Buffer, sizes: readonly number[], delimiter: string): string[] {
  const text = new DelimitedText({ origin: 'test', delimiter, maxRecordBytes: 1000 });
  const texts: string[] = [];
  for (let start = 0, i = 0; start < content.length; i++) {
    const end = start + (sizes[i % sizes.length] as number);
    texts.push(...text.push(content.subarray(start, end)));
    start = end;
  }
  const last = text.end();
  return last === undefined ? texts : [...texts, last];
}

test('texts are the same however the bytes arrive', () => {
  const piece = fc.constantFrom('a', '여', '\n', '\r\n', '||', '|', 'word');
  const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      sizes,
      fc.constantFrom('\n', '||', '\r\n'),
      (pieces, chunkSizes, delimiter) => {
        const content = pieces.join('');
        const expected = content.split(delimiter);
        if (expected.at(-1) === '') expected.pop();
        const texts = delimiter === '\n' ? expected.map((line) => line.replace(/\r$/, '')) : expected;
        expect(cut(Buffer.from(content), chunkSizes, delimiter)).toEqual(texts);
      },
    ),
  );
});

test('a record over the limit is an error with its place, before all of it has come', () => {
  const text = new DelimitedText({ origin: 'host:1', delimiter: '\n', maxRecordBytes: 4 });
  expect(text.push(Buffer.from('1234\n12'))).toEqual(['1234']);
  expect(() => text.push(Buffer.from('345'))).toThrow(
    'A record of host:1 that starts at byte 5 is longer than 4 bytes (maxRecordBytes)',
  );
});
