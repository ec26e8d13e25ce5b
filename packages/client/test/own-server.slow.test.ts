// The client against our own server, as users start it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FlinkClient } from '../src/index.ts';
import { describeLifecycle } from './support/lifecycle-tests.ts';

const bin = fileURLToPath(new URL('../../yeoul/bin/yeoul.js', import.meta.url));
const program = fileURLToPath(new URL('support/count-job.ts', import.meta.url));

describe('our own server', () => {
  const directory = mkdtempSync(join(tmpdir(), 'yeoul-client-test-'));
  const jar = join(directory, 'count-job.jar');
  let server: ChildProcess;
  let url = '';

  beforeAll(async () => {
    const built = spawnSync(process.execPath, [bin, 'build', program, '-o', jar], { encoding: 'utf8' });
    if (built.status !== 0) throw new Error(built.stderr);
    const options = ['--port', '0', '--slots', '4', '--data-dir', join(directory, 'data')];
    server = spawn(process.execPath, [bin, 'start', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    url = await readUrl(server);
  });

  afterAll(async () => {
    if (server.exitCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
    }
    rmSync(directory, { recursive: true, force: true });
  });

  const traits = {
    version: { major: 1, minor: 9 },
    plansWithBody: true,
    takesTriggerIds: true,
    hasNativeFormat: false,
    hasFlinkConfiguration: false,
    hasLogLists: true,
  };
  describeLifecycle(traits, () => ({ url, jar: readFileSync(jar), entryClass: 'CountJob' }));

  test('the first example of the guide', async () => {
    const guide = readFileSync(new URL('../../../docs/client.md', import.meta.url), 'utf8');
    const source = /```ts\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
    const body = source
      .replace(/^import .*\n/gm, '')
      .replace('http://127.0.0.1:8081', url)
      .replace("readFile('job.jar')", `readFile(${JSON.stringify(jar)})`);
    const { code } = await transform(`async function example() {${body}}`, { loader: 'ts', target: 'node20' });
    const printed: unknown[] = [];
    const log = (value: unknown) => printed.push(value);
    const run = new Function('FlinkClient', 'readFile', 'console', `${code}; return example();`);
    await run(FlinkClient, readFile, { log });
    expect(printed).toEqual(['FINISHED']);
  });
});

/** From what it prints when it accepts requests. */
function readUrl(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
      if (url !== undefined) resolve(url);
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('exit', (code) => reject(new Error(`yeoul start ended with ${code}: ${text}`)));
  });
}
