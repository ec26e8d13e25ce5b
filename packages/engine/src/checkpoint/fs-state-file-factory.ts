// State files in the file system, written by tasks.
//   S1. A handle is given out only after its file was fsynced under its final name. The directory entry is made durable by the
//       coordinator before it writes _metadata (C2), once per checkpoint instead of once per file.
//   S2. Content up to inlineThresholdBytes never touches the disk: it comes back inline and stands in _metadata.
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toError } from '../errors.ts';
import { crc32 } from './crc32.ts';
import { TEMPORARY_SUFFIX } from './durable-files.ts';
import type { StateFileFactory, StateFileWriter } from './state-file-factory.ts';
import type { StateFileHandle } from './state-handles.ts';

/** Bytes gathered before they go to the file in one write. */
const WRITE_BATCH_BYTES = 1 << 20;

export interface FsStateFileFactoryOptions {
  /** Absolute; the checkpoint's or savepoint's own directory. */
  readonly exclusiveDirectory: string;
  /** Absolute; the job's shared directory. */
  readonly sharedDirectory: string;
  readonly inlineThresholdBytes: number;
  /** Savepoints: every file is exclusive. */
  readonly selfContained: boolean;
  /** A name that no other file of these directories has. */
  readonly createFileName: () => string;
}

export class FsStateFileFactory implements StateFileFactory {
  readonly selfContained: boolean;
  readonly #options: FsStateFileFactoryOptions;

  constructor(options: FsStateFileFactoryOptions) {
    this.#options = options;
    this.selfContained = options.selfContained;
  }

  create(scope: 'exclusive' | 'shared'): StateFileWriter {
    const { exclusiveDirectory, sharedDirectory, inlineThresholdBytes, selfContained, createFileName } = this.#options;
    const effective = selfContained ? 'exclusive' : scope;
    const directory = effective === 'shared' ? sharedDirectory : exclusiveDirectory;
    return new FsStateFileWriter({
      scope: effective,
      directory,
      fileName: createFileName(),
      // A shared file is referred to by later checkpoints, so its content must not stand in one _metadata alone.
      inlineThresholdBytes: effective === 'shared' ? -1 : inlineThresholdBytes,
    });
  }
}

interface WriterOptions {
  readonly scope: 'exclusive' | 'shared';
  readonly directory: string;
  readonly fileName: string;
  readonly inlineThresholdBytes: number;
}

class FsStateFileWriter implements StateFileWriter {
  readonly #options: WriterOptions;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #sizeBytes = 0;
  #crc = 0;
  #file: FileHandle | undefined;
  /** Writes under way, in order. */
  #tail: Promise<void> = Promise.resolve();
  #failure: Error | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  write(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#sizeBytes += bytes.length;
    this.#crc = crc32(bytes, this.#crc);
    if (this.#sizeBytes > this.#options.inlineThresholdBytes && this.#pendingBytes >= WRITE_BATCH_BYTES)
      this.#enqueue();
  }

  async close(): Promise<StateFileHandle> {
    const { inlineThresholdBytes, scope, fileName } = this.#options;
    if (this.#sizeBytes <= inlineThresholdBytes) {
      return this.#handle({ kind: 'inline', bytes: concatenate(this.#pending, this.#sizeBytes) });
    }
    this.#enqueue();
    try {
      await this.#finishFile();
    } catch (error) {
      // The first failure is the one to tell.
      await this.abort().catch(() => {});
      throw error;
    }
    return this.#handle({ kind: 'file', scope, path: fileName });
  }

  async abort(): Promise<void> {
    this.#pending = [];
    await this.#tail.catch(() => {});
    await this.#file?.close().catch(() => {});
    this.#file = undefined;
    await rm(this.#temporaryPath, { force: true });
    await rm(this.#finalPath, { force: true });
  }

  get #finalPath(): string {
    return join(this.#options.directory, this.#options.fileName);
  }

  get #temporaryPath(): string {
    return `${this.#finalPath}${TEMPORARY_SUFFIX}`;
  }

  #handle(location: StateFileHandle['location']): StateFileHandle {
    return { location, sizeBytes: this.#sizeBytes, crc32: this.#crc };
  }

  #enqueue(): void {
    const batch = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#tail = this.#tail.then(() => this.#writeBatch(batch));
    // close() reports it; without this a failure before close() would be an unhandled rejection.
    this.#tail.catch((error: unknown) => {
      this.#failure ??= toError(error);
    });
  }

  async #writeBatch(batch: readonly Uint8Array[]): Promise<void> {
    if (this.#file === undefined) {
      await mkdir(this.#options.directory, { recursive: true });
      this.#file = await open(this.#temporaryPath, 'w');
    }
    for (const bytes of batch) await writeFully(this.#file, bytes);
  }

  async #finishFile(): Promise<void> {
    await this.#tail;
    if (this.#failure !== undefined) throw this.#failure;
    await this.#file?.sync();
    await this.#file?.close();
    this.#file = undefined;
    await rename(this.#temporaryPath, this.#finalPath);
  }
}

async function writeFully(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, offset);
    offset += bytesWritten;
  }
}

function concatenate(parts: readonly Uint8Array[], sizeBytes: number): Uint8Array {
  const whole = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
