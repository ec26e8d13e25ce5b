// Before any test: bring packages/yeoul/dist up to date, for tests that start real worker threads. Skipped in a moment when nothing changed.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export default function setup() {
  execFileSync(process.execPath, [fileURLToPath(new URL('build.mjs', import.meta.url)), '--lenient'], {
    stdio: 'inherit',
  });
}
