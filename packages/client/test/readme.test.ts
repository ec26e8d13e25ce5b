// Examples of the README and the guide.
import { readFileSync } from 'node:fs';
import { startServer } from '@yeoul/server';
import { transform } from 'esbuild';
import { expect, test } from 'vitest';
import type { Program } from 'yeoul';
import { TestCluster } from 'yeoul/testing';
import * as yeoulClient from '../src/index.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const codeOf = (markdown: string) => [...markdown.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);

const ticks: Program = async (env) => {
  env
    .addSource<number>(async function* (context) {
      for (let tick = 0; context.isRunning(); tick++) {
        context.collect(tick);
        yield;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })
    .print();
  await env.execute('Ticks');
};

test('the example of the README prints what it says', async () => {
  const [source = ''] = codeOf(read('../README.md'));
  const said = [...source.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, text]) => text);
  await using cluster = await TestCluster.open({ slots: 2 });
  await cluster.submit(ticks);
  const server = await startServer({ cluster: cluster.cluster, engineVersion: '0.1.0', port: 0 });
  const body = source
    .replace(/^import (\{.*\}) from 'yeoul\/client';$/m, 'const $1 = yeoulClient;')
    .replace('http://127.0.0.1:8081', server.url);
  const { code } = await transform(`async function example() {${body}}`, { loader: 'ts', target: 'node20' });
  const printed: string[] = [];
  const log = (...values: unknown[]) => printed.push(values.join(' '));
  await new Function('yeoulClient', 'console', `${code}; return example();`)(yeoulClient, { log });
  await server.close();
  expect(printed).toEqual(said);
  expect(said).toHaveLength(2);
});

test('the guide in Korean has the examples of the one in English', () => {
  const withoutComments = (markdown: string) => codeOf(markdown).map((code) => code.replace(/^\s*\/\/.*\n/gm, ''));
  const guide = read('../../../docs/client.md');
  const korean = read('../../../docs/ko/client.md');
  expect(withoutComments(korean)).toEqual(withoutComments(guide));
  const names = (markdown: string) => new Set(markdown.match(/`[^`\n]+`/g));
  expect([...names(guide)].filter((name) => !names(korean).has(name))).toEqual([]);
});

test('the guide names every method and every error', () => {
  const guide = read('../../../docs/client.md');
  const client = new yeoulClient.FlinkClient({ baseUrl: 'http://flink.test' });
  const { cluster, taskManagers, jars, savepoints } = client;
  const { vertices, ...jobs } = client.jobs;
  const methods = [cluster, taskManagers, jars, savepoints, jobs, vertices].flatMap(Object.keys);
  const errors = Object.keys(yeoulClient).filter((name) => name.endsWith('Error'));
  expect(
    [...methods, ...errors].filter((name) => !guide.includes(`\`${name}\``) && !guide.includes(`\`${name}\`s`)),
  ).toEqual([]);
});
