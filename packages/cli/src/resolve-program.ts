// What a user may name as a program: a file, or a folder with one in it.
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UsageError } from './usage-error.ts';

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/**
 * A file is taken as it is; a folder stands for `<folder>/<folder>.ts`, else `index.ts` or `main.ts` (or .js) in it.
 * @returns absolute path
 * @throws UsageError with what was looked for
 */
export async function resolveProgram(named: string): Promise<string> {
  const path = resolve(named);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return path;
  if (!found) return withExtension(path, named);
  const candidates = [basename(path), 'index', 'main'].flatMap((name) => EXTENSIONS.map((e) => join(path, name + e)));
  return (
    (await firstFile(candidates)) ??
    fail(named, `the folder has none of ${candidates.map((c) => basename(c)).join(', ')}`)
  );
}

/** `examples/word-count/word-count` finds word-count.ts. */
async function withExtension(path: string, named: string): Promise<string> {
  return (await firstFile(EXTENSIONS.map((e) => path + e))) ?? fail(named, 'there is no such file or folder');
}

async function firstFile(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) {
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isFile()) return candidate;
  }
  return undefined;
}

function fail(named: string, reason: string): never {
  throw new UsageError(
    `Program ${named} was not found: ${reason}. Give the path of a program file, e.g. examples/word-count/word-count.ts`,
  );
}
