import { expect, test } from 'vitest';
import { rewriteSpecifiers } from '../emit-types.mjs';

test.each([
  "import type { A } from 'x';",
  'import "x";',
  "export * from 'x';",
  "export {\n  type A,\n} from 'x';",
  "declare const a: import('x').A<import('x').B>;",
])('specifiers are rewritten in %s', (text) => {
  expect(rewriteSpecifiers(text, (specifier) => `${specifier}.js`)).toBe(text.replaceAll(/(["'])x\1/g, '$1x.js$1'));
});

test('other strings stay', () => {
  const text = "type A = 'from' | 'x'; declare function from(path: 'x'): void;";
  expect(rewriteSpecifiers(text, () => 'no')).toBe(text);
});
