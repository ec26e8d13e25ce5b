// How each engine's driver process is started.
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import type { DriverCommand } from './driver-process.ts';
import { ensureFlinkBuilt, flinkJavaArguments } from './flink-build.ts';
import { type RunOptions, toDriverArguments } from './protocol.ts';

export const Engine = { yeoul: 'yeoul', flink: 'flink', plain: 'plain' } as const;
export type Engine = (typeof Engine)[keyof typeof Engine];

const BUNDLE = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
  tsconfigRaw: '{}', // the repository's maps 'yeoul' to its sources; programs get the built one
} as const satisfies BuildOptions;

/**
 * The driver assembles a cluster from the engine's own parts, which the published package does not offer, so they are
 * bundled from source; the threads it starts run the built package.
 */
const engineFromSource: Plugin = {
  name: 'engine-from-source',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@yeoul/') || path.startsWith('typebox')
        ? undefined
        : { path, external: true },
    );
  },
};

/** Makes what the engine's driver needs. @param root of the repository @returns its command, for any options */
export async function prepareEngine(
  engine: Engine,
  root: string,
  log: (line: string) => void,
): Promise<(options: RunOptions) => DriverCommand> {
  if (engine === 'flink') {
    const flinkDir = join(root, 'bench', 'flink');
    ensureFlinkBuilt(flinkDir, log);
    return (options) => ({ program: 'java', args: [...flinkJavaArguments(flinkDir), ...toFlinkArguments(options)] });
  }
  if (engine === 'yeoul') {
    const command = await prepareYeoul('driver', root);
    return (options) => command(toDriverArguments(options));
  }
  const driver = join(cacheDir(root), 'plain-driver.mjs');
  await build({ ...BUNDLE, entryPoints: [join(root, 'bench', 'plain', 'driver.ts')], outfile: driver });
  return (options) => ({ program: process.execPath, args: [driver, ...toDriverArguments(options)] });
}

/** @param driver name of a driver in bench/yeoul, without .ts @returns its command, for any arguments */
export async function prepareYeoul(driver: string, root: string): Promise<(args: readonly string[]) => DriverCommand> {
  const source = join(root, 'bench', 'yeoul');
  const outfile = join(cacheDir(root), `yeoul-${driver}.mjs`);
  const programs = join(cacheDir(root), 'programs.cjs');
  const entry = join(source, `${driver}.ts`);
  await build({ ...BUNDLE, packages: 'bundle', entryPoints: [entry], outfile, plugins: [engineFromSource] });
  await build({
    ...BUNDLE,
    entryPoints: [join(source, 'programs.ts')],
    outfile: programs,
    format: 'cjs',
    sourcemap: 'linked',
  });
  const dist = join(root, 'packages', 'yeoul', 'dist');
  return (args) => ({ program: process.execPath, args: [outfile, programs, dist, ...args] });
}

/** Inside the repository: node_modules is found from there. */
function cacheDir(root: string): string {
  return join(root, '.cache', 'bench');
}

function toFlinkArguments(options: RunOptions): string[] {
  const size =
    options.bench === 'wordcount'
      ? ['--file', options.file]
      : ['--records', String(options.records), '--keys', String(options.keys)];
  return [
    options.bench,
    ...size,
    '--parallelism',
    String(options.parallelism),
    '--checkpoint',
    String(options.checkpointMs),
    ...(options.backend === 'disk' ? ['--rocksdb'] : []),
    ...(options.batch ? ['--batch'] : []),
  ];
}
