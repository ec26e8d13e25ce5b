// Reading checkpoints and savepoints back: everything is checked before anything is restored.
import { join } from 'node:path';
import { appError } from '../errors.ts';
import { type CheckpointMetadata, stateFilesOf } from './checkpoint-metadata.ts';
import { crc32 } from './crc32.ts';
import type { DurableFiles } from './durable-files.ts';
import { decodeMetadata } from './metadata-codec.ts';
import { METADATA_FILE, toStateDirectory } from './savepoint-path.ts';
import type { StateFileHandle } from './state-handles.ts';

/** A checkpoint or savepoint as it stands in a directory; handles carry absolute directories. */
export interface StoredCheckpoint {
  /** Absolute. */
  readonly directory: string;
  readonly metadata: CheckpointMetadata;
}

/**
 * Reads _metadata, not the files it refers to.
 * @param path directory or _metadata file, with or without `file:`
 * @throws STATE_PATH_NOT_LOCAL, METADATA_MISSING, METADATA_CORRUPT, METADATA_NEWER
 */
export async function readMetadata(path: string, files: DurableFiles): Promise<StoredCheckpoint> {
  const directory = toStateDirectory(path);
  const bytes = await files.read(join(directory, METADATA_FILE));
  if (bytes === undefined) throw appError('METADATA_MISSING', [directory]);
  return { directory, metadata: withDirectories(decodeMetadata(bytes, directory), directory) };
}

/**
 * Reads every file of the checkpoint and compares length and checksum.
 * @throws STATE_FILE_MISSING, STATE_FILE_CORRUPT
 */
export async function verifyStateFiles({ directory, metadata }: StoredCheckpoint, files: DurableFiles): Promise<void> {
  const shared = join(directory, metadata.sharedDirectory ?? '.');
  const seen = new Set<string>();
  for (const handle of stateFilesOf(metadata)) {
    if (handle.location.kind === 'inline') {
      compare(directory, 'in _metadata', handle, inlineChecksum(handle.location.bytes));
      continue;
    }
    const path = join(handle.location.scope === 'shared' ? shared : directory, handle.location.path);
    if (seen.has(path)) continue;
    seen.add(path);
    const checksum = await files.checksum(path);
    if (checksum === undefined) throw appError('STATE_FILE_MISSING', [directory, path]);
    compare(directory, path, handle, checksum);
  }
}

/** Fills in the absolute directories of every handle. */
export function withDirectories(metadata: CheckpointMetadata, directory: string): CheckpointMetadata {
  const directories = { exclusive: directory, shared: join(directory, metadata.sharedDirectory ?? '.') };
  const operators = metadata.operators.map((operator) => ({
    ...operator,
    subtasks: operator.subtasks.map((subtask) => ({
      ...subtask,
      keyed: subtask.keyed.map((handle) => ({ ...handle, directories })),
      operator: subtask.operator.map((handle) => ({ ...handle, directories })),
    })),
  }));
  return { ...metadata, operators };
}

function inlineChecksum(bytes: Uint8Array): { sizeBytes: number; crc32: number } {
  return { sizeBytes: bytes.length, crc32: crc32(bytes) };
}

function compare(
  directory: string,
  path: string,
  expected: StateFileHandle,
  actual: { readonly sizeBytes: number; readonly crc32: number },
): void {
  if (actual.sizeBytes !== expected.sizeBytes) {
    const why = `${actual.sizeBytes} bytes instead of ${expected.sizeBytes}`;
    throw appError('STATE_FILE_CORRUPT', [directory, path, why]);
  }
  if (actual.crc32 !== expected.crc32)
    throw appError('STATE_FILE_CORRUPT', [directory, path, 'its checksum does not match']);
}
