// How each engine's driver process is started.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { DriverCommand } from './driver-process.ts';
import { ensureFlinkBuilt, flinkJavaArguments } from './flink-build.ts';
import { type RunOptions, toDriverArguments } from './protocol.ts';

export const Engine = { yeoul: 'yeoul', flink: 'flink', plain: 'plain' } as const;
export type Engine = (typeof Engine)[keyof typeof Engine];

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
  const driver = await bundleProgram(join(root, 'bench', engine, 'driver.ts'), `${engine}-driver`, root);
  return (options) => ({ program: process.execPath, args: [driver, ...toDriverArguments(options)] });
}

/** Bundles a program of this folder; 'yeoul' stays an import and is the built package. @returns the bundle */
export async function bundleProgram(entry: string, name: string, root: string): Promise<string> {
  const outputDir = join(root, '.cache', 'bench'); // inside the repository: node_modules is found from there
  mkdirSync(outputDir, { recursive: true });
  const outfile = join(outputDir, `${name}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
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
