// The whole suite against the built server.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('every answer matches what a real Flink 1.9 answered', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['scripts/run-ts.mjs', 'conformance/main.ts', '--all'], {
    cwd: root,
    encoding: 'utf8',
  });
  const [, matched, compared] = /(\d+) of (\d+) answers match/.exec(stdout) ?? [];
  expect(matched, stdout + stderr).toBe(compared);
  expect(Number(compared)).toBeGreaterThan(150);
});
