// `yeoul/client` as it is published: a web application bundles it without anything of Node.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('the published module bundles for browsers', async () => {
  // What it needs of TypeBox is in it. What Node brings cannot be resolved for browsers: that would be an error.
  const { errors, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../../yeoul/dist/client.js', import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    outdir: 'out',
    platform: 'browser',
    format: 'esm',
    logLevel: 'silent',
  });
  expect(errors).toEqual([]);
  const packages = Object.keys(metafile.inputs).map((file) => /node_modules\/([^/]+)/.exec(file)?.[1] ?? 'yeoul');
  expect([...new Set(packages)].toSorted()).toEqual(['yeoul']);
});
