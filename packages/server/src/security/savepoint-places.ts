// Where savepoints may be written, read and deleted through the API.
//   P1. What counts is where a path leads once links are followed, not how it is written.
//   P2. A path that leads nowhere yet is judged by the deepest part of it that is there.
//   P3. A path that ends in _metadata means its folder where it is read, and itself where something is written: both are judged.
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { appError } from '@yeoul/engine';
import { toLocalPath, toStateDirectory } from '@yeoul/engine/runtime';

/** A path is shown so far, characters. */
const MAX_SHOWN_LENGTH = 300;

export class SavepointPlaces {
  readonly #places: readonly string[];

  /** @param places absolute folders; they need not exist yet */
  constructor(places: readonly string[]) {
    this.#places = [...new Set(places)];
  }

  /**
   * @param path as requests have it: absolute, with or without `file:`
   * @throws STATE_PATH_NOT_LOCAL, SAVEPOINT_PATH_REFUSED
   */
  async check(path: string): Promise<void> {
    for (const asked of new Set([toLocalPath(path), toStateDirectory(path)])) await this.#check(path, asked);
  }

  async #check(path: string, asked: string): Promise<void> {
    const leadsTo = await follow(asked);
    if (leadsTo === undefined) throw this.#refusal(path, 'it cannot be followed');
    for (const place of this.#places) {
      const root = await follow(place);
      if (root !== undefined && isWithin(root, leadsTo)) return;
    }
    throw this.#refusal(path, leadsTo === asked ? '' : `it leads to ${shorten(leadsTo)}`);
  }

  #refusal(path: string, why: string): Error {
    return appError('SAVEPOINT_PATH_REFUSED', [
      shorten(path) + (why === '' ? '' : ` (${why})`),
      this.#places.join(', '),
    ]);
  }
}

/** @returns undefined: a link that leads nowhere, a folder that may not be looked into, a name that cannot be one */
async function follow(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((code !== 'ENOENT' && code !== 'ENOTDIR') || (await isThere(path))) return undefined;
    const parent = dirname(path);
    const base = parent === path ? undefined : await follow(parent);
    return base === undefined ? undefined : join(base, basename(path));
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function shorten(path: string): string {
  return path.length > MAX_SHOWN_LENGTH ? `${path.slice(0, MAX_SHOWN_LENGTH)}…` : path;
}
