// Runs a TypeScript program of this repository (benchmarks, tools): node scripts/run-ts.mjs FILE [arguments]
// The file and what it imports relatively are bundled; packages stay imports, so that 'yeoul' is the built one, and so do
// scripts, which find the repository from where they are.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const [file, ...programArguments] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node scripts/run-ts.mjs FILE [arguments]');

// Inside the repository, so that node_modules is found from there; one file per process, so that runs do not meet.
const outputDir = join(root, '.cache', 'run-ts');
mkdirSync(outputDir, { recursive: true });
const output = join(outputDir, `${basename(file, '.ts')}-${process.pid}.mjs`);
await build({
  entryPoints: [file],
  outfile: output,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
  plugins: [
    {
      name: 'scripts-stay',
      setup({ onResolve }) {
        onResolve({ filter: /^\.{1,2}\/.*\.mjs$/ }, ({ path, resolveDir }) => ({
          path: pathToFileURL(join(resolveDir, path)).href,
          external: true,
        }));
      },
    },
  ],
});
const child = spawn(process.execPath, ['--enable-source-maps', output, ...programArguments], { stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  rmSync(output, { force: true });
  process.exitCode = code ?? 1;
});
