// The client as a browser gets it: bundled, with nothing but what browsers have.
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const resolveDir = fileURLToPath(new URL('../src', import.meta.url));

test('the bundle runs where there is no Node', async () => {
  const { outputFiles } = await build({
    stdin: { contents: "export { FlinkClient } from './index.ts';", resolveDir },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'yeoul',
    minify: true,
  });
  const [file] = outputFiles;
  const calls: string[] = [];
  const answer = async (input: string, init: RequestInit) => {
    calls.push(`${init.method} ${input} ${init.body instanceof FormData ? 'form' : ''}`);
    return new Response('{"filename":"/tmp/x_a.jar","status":"success","jobs":[]}');
  };
  const web = {
    AbortController,
    Blob,
    DOMException,
    FormData,
    TextEncoder,
    URL,
    btoa,
    clearTimeout,
    crypto,
    performance,
    setTimeout,
  };
  const context = createContext({ ...web, Uint8Array, fetch: answer });
  const run = runInContext(
    `${file?.text}; (async () => {
      const client = new yeoul.FlinkClient({ baseUrl: 'http://flink.test' });
      await client.jobs.list();
      return client.jars.upload(new Uint8Array([1, 2]), { fileName: 'a.jar' });
    })()`,
    context,
  );
  expect(await run).toEqual({ filename: '/tmp/x_a.jar', status: 'success', id: 'x_a.jar', jobs: [] });
  expect(calls).toEqual(['GET http://flink.test/jobs ', 'POST http://flink.test/jars/upload form']);
  // KiB, minified: without what checks answers, which only comes with validateAnswer.
  expect((file?.contents.byteLength ?? 0) / 1024).toBeLessThan(220);
});
