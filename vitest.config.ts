import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const face = fileURLToPath(new URL('packages/yeoul/src/', import.meta.url));
/** Set by .ci/run: where the machine-readable result of this run goes. */
const resultsFile = process.env.YEOUL_TEST_RESULTS;

export default defineConfig({
  resolve: {
    // Tests and in-repository programs import 'yeoul' as users do and get the sources.
    alias: [
      { find: /^yeoul$/, replacement: `${face}index.ts` },
      { find: /^yeoul\/(testing|client|connectors\/.+)$/, replacement: `${face}$1.ts` },
    ],
  },
  test: {
    passWithNoTests: true,
    maxWorkers: availableParallelism(),
    globalSetup: ['scripts/test-setup.mjs'],
    reporters: resultsFile === undefined ? ['default'] : ['default', 'json'],
    ...(resultsFile === undefined ? {} : { outputFile: { json: resultsFile } }),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // The files of one worker share its modules, so each source is loaded and compiled once and not once per file: half the
          // CPU time of the run. What needs modules of its own says so (vi.resetModules); nothing may stay changed behind a test.
          isolate: false,
          // A bound for what hangs, not a measure of speed: machines differ, and all cores may be busy.
          testTimeout: 60_000,
          hookTimeout: 60_000,
          include: ['{packages/*,scripts,examples,bench,soak,conformance,tour}/**/*.test.ts'],
          exclude: [
            '**/node_modules/**',
            '**/dist/**',
            '**/*.{slow,flink,clients}.test.ts',
            'packages/yeoul/test/pack.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: [
            '{packages/*,scripts,examples,bench,soak,conformance,tour}/**/*.slow.test.ts',
            'packages/yeoul/test/pack.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          // Against real Apache Flink clusters, which scripts/flink-cluster.mjs starts; needs Maven and a JDK 17.
          name: 'flink',
          include: ['packages/*/test/**/*.flink.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
      {
        extends: true,
        test: {
          // Apache Flink's own command line and dashboard against our server; needs Maven, a JDK 17 and Chromium.
          name: 'real-clients',
          include: ['conformance/test/*.clients.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
