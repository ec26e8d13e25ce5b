// Savepoints that lie in a folder, told from their _metadata.
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CheckpointMetadata } from '@yeoul/engine/runtime';

export interface StoredSavepoint {
  readonly path: string;
  readonly sizeBytes: number;
  readonly metadata: Pick<CheckpointMetadata, 'kind' | 'checkpointId' | 'jobId' | 'jobName' | 'completionTimestampMs'>;
}

export interface SavepointFolder {
  /** The newest first. */
  readonly savepoints: readonly StoredSavepoint[];
  /** Folders with a _metadata that cannot be read, and why. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

/** Savepoints directly in the folder. */
export async function readSavepointFolder(folder: string): Promise<SavepointFolder> {
  const { NodeDurableFiles, readMetadata, stateSizeOf } = await import('@yeoul/engine/runtime');
  const directory = resolve(folder.replace(/^file:(\/\/)?(?=\/)/, ''));
  const savepoints: StoredSavepoint[] = [];
  const unreadable: { path: string; reason: string }[] = [];
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    try {
      const { metadata } = await readMetadata(path, new NodeDurableFiles());
      savepoints.push({ path, sizeBytes: stateSizeOf(metadata), metadata });
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code !== 'METADATA_MISSING' && code !== 'ENOTDIR') unreadable.push({ path, reason: message });
    }
  }
  savepoints.sort((a, b) => b.metadata.completionTimestampMs - a.metadata.completionTimestampMs);
  return { savepoints, unreadable };
}
