import { readFileSync } from 'node:fs';
import * as engine from '@yeoul/engine';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import * as testing from '../src/index.ts';

describe('README', () => {
  it('its example runs and prints what it says', async () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const source = /```ts\n([\s\S]*?)```/.exec(readme)![1]!;
    const said: unknown = new Function(`return ${/takeValues\(\)\); \/\/ (.*)/.exec(source)![1]}`)();
    const body = source.replace(/^import (\{.*\}) from 'yeoul(\/testing)?';$/gm, (_all, names, testingPath) =>
      testingPath ? `const ${names} = testing;` : `const ${names} = engine;`,
    );
    const { code } = await transform(`async function example() {${body}}`, { loader: 'ts' });
    const printed: unknown[] = [];
    const run = new Function('engine', 'testing', 'console', `${code}; return example();`);
    await run(engine, testing, { log: (value: unknown) => printed.push(value) });
    expect(printed[0]).toEqual(said);
  });
});
