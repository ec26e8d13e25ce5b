// Programs of a test are functions, but clusters store and load programs as files: a file that names the function stands for it.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Program } from '@yeoul/engine';

/** By digest of the file that stands for it. Kept for the life of the process: a reopened cluster finds the programs of its jobs. */
const programs = new Map<string, Program>();

/** @returns path of the file that stands for the program */
export async function registerProgram(program: Program, directory: string): Promise<string> {
  const content = `program ${programs.size}`;
  const digest = createHash('sha256').update(content).digest('hex');
  programs.set(digest, program);
  const path = join(directory, `${digest}.program`);
  await mkdir(directory, { recursive: true });
  await writeFile(path, content);
  return path;
}

/** @param bundlePath where the cluster put the file: named by its digest */
export function registeredProgram(bundlePath: string): Program {
  const program = programs.get(basename(bundlePath).replace(/\..*$/, ''));
  if (!program) throw new Error(`No program of this process stands behind ${bundlePath}`);
  return program;
}
