import { readFileSync } from 'node:fs';
import * as testing from '@yeoul/testing';
import { transform } from 'esbuild';
import { expect, test } from 'vitest';
import * as server from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the example of the README prints what it says', async () => {
  const source = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const said = [...source.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, value]) => Number(value));
  const body = source.replace(/^import (\{.*\}) from '@yeoul\/(\w+)';$/gm, 'const $1 = packages.$2;');
  const { code } = await transform(`async function example() {${body}}`, { loader: 'ts', target: 'node20' });
  const printed: unknown[] = [];
  const log = (value: unknown) => printed.push(value);
  await new Function('packages', 'console', `${code}; return example();`)({ server, testing }, { log });
  expect(printed).toEqual(said);
  expect(said).toEqual([2]);
});
