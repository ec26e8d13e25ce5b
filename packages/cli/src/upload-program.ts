// Takes a program to a server: a jar as it is, a program as the job jar that is made of it.
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { FlinkClient, UploadedJar } from '@yeoul/client';
import type { CommandContext } from './command-context.ts';
import { makeJar, programStem } from './make-jar.ts';
import { isJar } from './open-program.ts';
import { resolveProgram } from './resolve-program.ts';
import { UsageError } from './usage-error.ts';

export interface ProgramUpload {
  readonly fileName: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** @param entry entry class of the jar that is made */
export async function readUpload(
  named: string,
  entry: string | undefined,
  context: CommandContext,
): Promise<ProgramUpload> {
  if (isJar(named)) return { fileName: basename(named), bytes: await readJar(named) };
  const path = await resolveProgram(named);
  const { bytes } = await makeJar(path, { class: entry }, context);
  return { fileName: `${programStem(path)}.jar`, bytes };
}

async function readJar(named: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(resolve(named)));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(code === 'ENOENT' ? `There is no jar ${named}` : `Jar ${named} cannot be read: ${code}`);
  }
}

export function upload(
  client: FlinkClient,
  { fileName, bytes }: ProgramUpload,
  signal: AbortSignal,
): Promise<UploadedJar> {
  return client.jars.upload(bytes, { fileName, signal });
}
