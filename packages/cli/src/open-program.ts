// A program or a job jar made ready to be looked at or run in this process.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { resolveProgram } from './resolve-program.ts';

export interface OpenedProgram extends AsyncDisposable {
  /** Of a module: the program bundled, or as the jar has it. */
  readonly bundlePath: string;
  /** That runs unless another one is asked for. */
  readonly defaultEntry: string;
  /** What the jar says of that entry. */
  readonly description: string | undefined;
}

export function isJar(named: string): boolean {
  return /\.jar$/i.test(named);
}

/** A command line names programs and jobs alike: a program has one of these endings, or is there. */
export async function isProgramName(named: string): Promise<boolean> {
  if (isJar(named) || /\.[cm]?[jt]s$/.test(named)) return true;
  return resolveProgram(named).then(
    () => true,
    () => false,
  );
}

/** @throws UsageError, JAR_NOT_READABLE, … */
export async function openProgram(named: string): Promise<OpenedProgram> {
  const path = isJar(named) ? resolve(named) : await resolveProgram(named);
  const scratch = await mkdtemp(join(tmpdir(), 'yeoul-program-'));
  const dispose = () => rm(scratch, { recursive: true, force: true });
  try {
    const opened = isJar(path) ? await unpackJar(path, scratch) : await bundle(path, scratch);
    return { ...opened, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function bundle(path: string, scratch: string) {
  const { bundleProgram } = await import('@yeoul/engine/runtime');
  const { bundlePath } = await bundleProgram(path, scratch);
  return { bundlePath, defaultEntry: 'default', description: undefined };
}

async function unpackJar(path: string, scratch: string) {
  const { defaultJarLimits, readJobJar } = await import('@yeoul/server/jars');
  const { description, program } = await readJobJar(path, basename(path), defaultJarLimits);
  const bundlePath = join(scratch, basename(description.programPath));
  await writeFile(bundlePath, program);
  const [entry] = description.entries;
  return {
    bundlePath,
    defaultEntry: entry?.name ?? 'default',
    description: entry?.description ?? description.description ?? undefined,
  };
}
