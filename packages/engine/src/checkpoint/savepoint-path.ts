// Names and places of checkpoints and savepoints.
import { basename, dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appError } from '../errors.ts';

export const METADATA_FILE = '_metadata';

/**
 * The directory that a user's path means: a checkpoint directory or its _metadata file, with or without `file:`.
 * @throws STATE_PATH_NOT_LOCAL for other schemes and other hosts
 */
export function toStateDirectory(path: string): string {
  const local = toLocalPath(path);
  return basename(local) === METADATA_FILE ? dirname(local) : local;
}

/** @returns absolute local path of `path` or of a `file:` address; blanks around it are none of it */
export function toLocalPath(given: string): string {
  const path = given.trim();
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(path)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    if (path === '') throw appError('STATE_PATH_NOT_LOCAL', ['an empty path']);
    return trimEnd(isAbsolute(path) ? normalize(path) : resolve(path));
  }
  if (scheme !== 'file') throw appError('STATE_PATH_NOT_LOCAL', [path]);
  if (path.startsWith('file://')) return trimEnd(fromFileUrl(path));
  return trimEnd(normalize(path.slice('file:'.length)));
}

export function checkpointDirectoryName(checkpointId: number): string {
  return `chk-${checkpointId}`;
}

/** @returns undefined when the name is none of a checkpoint directory */
export function parseCheckpointDirectoryName(name: string): number | undefined {
  const digits = /^chk-(\d+)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** @param suffix 12 random hex digits */
export function savepointDirectory(target: string, jobId: string, suffix: string): string {
  return join(toLocalPath(target), `savepoint-${jobId.slice(0, 6)}-${suffix}`);
}

function fromFileUrl(path: string): string {
  try {
    const url = new URL(path);
    if (url.host !== '' && url.host !== 'localhost') throw appError('STATE_PATH_NOT_LOCAL', [path]);
    return fileURLToPath(`file://${url.pathname}`);
  } catch (cause) {
    throw appError('STATE_PATH_NOT_LOCAL', [path], { cause });
  }
}

function trimEnd(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
