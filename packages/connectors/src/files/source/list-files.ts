// Finds the files below the given paths, in the order of their paths.
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { appError } from '@yeoul/engine';
import { errnoOf, toReadError } from '../file-errors.ts';
import type { ListedFile } from './file-split.ts';

export interface ListOptions {
  readonly recursive: boolean;
  /** @param relativePath below the given directory, "/" between names; a file given by its own path is always read */
  readonly accepts: (relativePath: string) => boolean;
  /** A directory without files is an error, unless it is watched. */
  readonly allowEmpty: boolean;
}

interface Listing {
  readonly files: ListedFile[];
  leftOut: number;
}

/** @throws FILE_NOT_FOUND, FILE_NOT_READABLE, DIRECTORY_WITHOUT_FILES */
export async function listFiles(paths: readonly string[], options: ListOptions): Promise<ListedFile[]> {
  const found = new Map<string, ListedFile>();
  for (const path of paths) {
    for (const file of await listPath(path, options)) found.set(file.path, file);
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function listPath(path: string, options: ListOptions): Promise<readonly ListedFile[]> {
  const info = await stat(path).catch((error) => {
    throw toReadError(error, path);
  });
  if (!info.isDirectory()) return [{ path, sizeBytes: info.size, modifiedMs: info.mtimeMs }];
  const listing: Listing = { files: [], leftOut: 0 };
  await listDirectory(path, path, options, listing);
  if (listing.files.length === 0 && !options.allowEmpty) {
    throw appError('DIRECTORY_WITHOUT_FILES', [path, listing.leftOut]);
  }
  return listing.files;
}

async function listDirectory(root: string, directory: string, options: ListOptions, listing: Listing): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error) => {
    throw toReadError(error, directory);
  });
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (options.recursive && !isHidden(path)) await listDirectory(root, path, options, listing);
    } else if (isHidden(path) || !options.accepts(relative(root, path).split(sep).join('/'))) listing.leftOut += 1;
    else await addFile(path, listing);
  }
}

/** A file that went away between listing and looking is not there: no error. */
async function addFile(path: string, listing: Listing): Promise<void> {
  try {
    const info = await stat(path);
    if (info.isFile()) listing.files.push({ path, sizeBytes: info.size, modifiedMs: info.mtimeMs });
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw toReadError(error, path);
  }
}

/** Names of unfinished output and of tools' own files (source: Flink, DefaultFileFilter). */
function isHidden(path: string): boolean {
  const name = basename(path);
  return name.startsWith('.') || name.startsWith('_');
}
