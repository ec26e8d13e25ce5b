import { readFileSync } from 'node:fs';
import * as engine from '@yeoul/engine';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import * as testing from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, source]) => source as string);

describe('README', () => {
  it.each(examples.map((source, i) => [i + 1, source] as const))(
    'example %i runs and prints what it says',
    async (_, source) => {
      const said = [...source.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, value]) => toValue(value as string));
      const body = source.replace(/^import (\{.*\}) from 'yeoul(\/testing)?';$/gm, (_all, names, testingPath) =>
        testingPath ? `const ${names} = testing;` : `const ${names} = engine;`,
      );
      const { code } = await transform(`async function example() {${body}}`, { loader: 'ts' });
      const printed: unknown[] = [];
      const run = new Function('engine', 'testing', 'console', `${code}; return example();`);
      await run(engine, testing, { log: (value: unknown) => printed.push(value) });
      expect(printed).toHaveLength(said.length);
      expect([...printed].sort()).toEqual([...said].sort());
    },
  );
});

function toValue(text: string): unknown {
  return new Function(`return ${text}`)();
}
