import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as contract from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the example of the README prints what it says', () => {
  const source = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const said = [...source.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, values]) => values);
  const printed: string[] = [];
  const quote = (value: unknown) => (typeof value === 'string' ? `'${value}'` : String(value));
  const log = (...values: unknown[]) => printed.push(values.map(quote).join(', '));
  const body = source.replace(/^import (\{.*\}) from '@yeoul\/contract';$/m, 'const $1 = contract;');
  new Function('contract', 'console', body)(contract, { log });
  expect(printed).toEqual(said);
  expect(said).toHaveLength(4);
});
