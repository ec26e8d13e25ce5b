// Makes a job jar of a program: in memory, to be written or uploaded.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ProgramEntry } from '@yeoul/engine/runtime';
import type { JobJarDescription } from '@yeoul/server/jars';
import type { CommandContext } from './command-context.ts';
import { UsageError } from './usage-error.ts';

export interface MadeJar {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly description: JobJarDescription;
}

export interface JarDetails {
  /** Entry class that runs when none is asked for; default: the default export. */
  readonly class?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

/** "job" of "/a/job.ts". */
export function programStem(path: string): string {
  return basename(path).replace(/\.[cm]?[jt]sx?$/, '');
}

/** @param sourcePath of the program */
export async function makeJar(sourcePath: string, details: JarDetails, context: CommandContext): Promise<MadeJar> {
  const [{ isEntryName, writeJobJar }, { bundleProgram }] = await Promise.all([
    import('@yeoul/server/jars'),
    import('@yeoul/engine/runtime'),
  ]);
  const scratch = await mkdtemp(join(tmpdir(), 'yeoul-build-'));
  try {
    const { bundlePath } = await bundleProgram(sourcePath, scratch);
    const entries = mainFirst(await context.listEntries(bundlePath), details.class);
    const bad = entries.find(({ name }) => !isEntryName(name));
    if (bad !== undefined)
      throw new UsageError(`Export "${bad.name}" is no name for an entry class: use letters, digits, _ and $`);
    if (entries.length === 0) throw new UsageError(`${sourcePath} exports no entry: ${HOW_TO_EXPORT}`);
    const description: JobJarDescription = {
      entries: entries.map((entry) => ({ name: entry.name, description: entry.description ?? null })),
      programPath: `program/${basename(bundlePath)}`,
      name: details.name,
      description: details.description,
      createdBy: `yeoul ${context.version}`,
    };
    return { description, bytes: new Uint8Array(await writeJobJar(description, await readFile(bundlePath))) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const HOW_TO_EXPORT = 'export a function (env, args) => { … }, or an object with main(env, args)';

function mainFirst(entries: readonly ProgramEntry[], main: string | undefined): readonly ProgramEntry[] {
  if (main === undefined) return entries;
  const found = entries.find(({ name }) => name === main);
  if (found !== undefined) return [found, ...entries.filter((entry) => entry !== found)];
  const names = entries.map(({ name }) => name).join(', ') || 'none';
  throw new UsageError(`The program exports no entry "${main}"; it exports these: ${names}`);
}
