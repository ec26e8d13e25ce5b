// The stored form of a job record.
//   JR1. What lies in the data directory is named as seen from there: a directory that was moved, or a copy, finds its own files, and
//        a copy never touches those of the directory it was made from.
//   JR2. A digest tells a damaged record from a whole one: JSON with a flipped bit may still parse.
import { createHash } from 'node:crypto';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { decodeDurable, encodeDurable } from './durable-json.ts';
import type { JobRecord } from './job-store.ts';

export function encodeJobRecord(record: JobRecord, dataDirectory: string): Uint8Array {
  const stored = mapPlaces(record, (path) => toPlace(path, dataDirectory));
  return encodeDurable({ ...stored, digest: digestOf(stored) });
}

/** @throws SyntaxError, and Error when the digest is another. Records of earlier versions have none, and absolute paths */
export function decodeJobRecord(bytes: Uint8Array, dataDirectory: string): JobRecord {
  const { digest, ...stored } = decodeDurable(bytes) as JobRecord & { readonly digest?: string };
  if (digest !== undefined && digest !== digestOf(stored)) throw new Error('its digest does not match');
  return mapPlaces(stored, (place) => (isAbsolute(place) ? place : join(dataDirectory, place)));
}

function digestOf(stored: JobRecord): string {
  return createHash('sha256').update(encodeDurable(stored)).digest('hex');
}

function mapPlaces(record: JobRecord, map: (path: string) => string): JobRecord {
  const { program, programDigest, savepointPath, terminal } = record;
  return {
    ...record,
    // A program that is no file of ours is known by a name.
    program: programDigest === undefined ? program : { ...program, bundlePath: map(program.bundlePath) },
    checkpointsDirectory: map(record.checkpointsDirectory),
    savepointPath: savepointPath === undefined ? undefined : map(savepointPath),
    terminal: terminal === undefined ? undefined : { ...terminal, directory: map(terminal.directory) },
  };
}

function toPlace(path: string, dataDirectory: string): string {
  const place = relative(dataDirectory, path);
  const isInside = place !== '' && place !== '..' && !place.startsWith(`..${sep}`) && !isAbsolute(place);
  return isInside ? place : resolve(path);
}
