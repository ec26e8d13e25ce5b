// Brings what TypeScript sources of the repository export into a script.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * @param {string} root
 * @param {string} exports statements such as "export { endpoints } from './packages/contract/src/index.ts';", as seen from the root
 * @returns {Promise<any>} the module; nothing of it stays on disk
 */
export async function importSource(root, exports) {
  // In the repository: what stays outside of the bundle is found from there.
  const directory = join(root, '.cache');
  mkdirSync(directory, { recursive: true });
  const outfile = join(directory, `source-${process.pid}-${nextNumber++}.mjs`);
  try {
    await build({
      stdin: { contents: exports, resolveDir: root },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'error',
      external: ['esbuild', 'lmdb', 'msgpackr'],
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}

let nextNumber = 0;
