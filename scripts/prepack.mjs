// Before `npm pack` of packages/yeoul: a clean build with declarations, and the licence files beside it. Says all on standard error:
// the output of `npm pack --json` stays JSON.
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
execFileSync(process.execPath, [fileURLToPath(new URL('scripts/build.mjs', root)), '--force', '--types'], {
  stdio: ['ignore', 2, 2],
});
for (const name of ['LICENSE', 'NOTICE']) copyFileSync(new URL(name, root), new URL(`packages/yeoul/${name}`, root));
