import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatManifest, parseManifest } from '../../src/jars/manifest.ts';

test('lines longer than 72 bytes go on in the next one, between characters', () => {
  const main = new Map([['Yeoul-Description', '물'.repeat(60)]]);
  const text = formatManifest({ main, sections: new Map() });
  const lines = text.split('\r\n');
  expect(lines.slice(1, -2).every((line) => line.startsWith(' '))).toBe(true);
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(72);
  expect(parseManifest(text).main).toEqual(main);
});

test.each(['\n', '\r\n', '\r'])('line ends may be %j', (end) => {
  const text = ['Manifest-Version: 1.0', 'Main-Class: a.b.', ' C', '', 'Name: x', 'Key: v', '', ''].join(end);
  expect(parseManifest(text)).toEqual({
    main: new Map([
      ['Manifest-Version', '1.0'],
      ['Main-Class', 'a.b.C'],
    ]),
    sections: new Map([['x', new Map([['Key', 'v']])]]),
  });
});

test('garbage is an empty manifest', () => {
  expect(parseManifest('\u0000\n::: no\n\n\n').main.size).toBe(0);
});

const value = fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => text.replace(/[\r\n\0]/g, '').trim());
const key = fc.stringMatching(/^[A-Z][a-z-]{0,20}$/).filter((name) => name !== 'Name');
const attributes = fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 5 }).map((pairs) => new Map(pairs));

test('what is written is read again', () => {
  fc.assert(
    fc.property(attributes, fc.dictionary(key, attributes, { maxKeys: 3 }), (main, named) => {
      const manifest = { main, sections: new Map(Object.entries(named)) };
      expect(parseManifest(formatManifest(manifest))).toEqual(manifest);
    }),
  );
});
