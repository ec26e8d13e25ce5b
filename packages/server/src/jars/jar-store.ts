// Uploaded jars, one file each in a folder of the data directory. Owns: that folder.
//   J1. A file of the folder is whole: it is written under another name, checked, synced, and renamed.
//   J2. What an id names is in the folder; an id is never a path.
//   J3. What is refused, or cannot be written, leaves nothing.
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { appError } from '@yeoul/engine';
import { defaultJarLimits, type JarLimits } from './jar-limits.ts';
import { isJarId, nameOfJar, toJarId } from './jar-name.ts';
import { JarSpace, type KeptJars } from './jar-space.ts';
import type { JarEntry, JobJarDescription } from './job-jar-description.ts';
import { readJobJar, readJobJarDescription } from './read-job-jar.ts';

export interface JarStoreOptions {
  /** Absolute. */
  readonly directory: string;
  readonly createUuid: () => string;
  readonly limits?: Partial<JarLimits> | undefined;
}

export interface StoredJar {
  readonly id: string;
  /** As the client called it. */
  readonly name: string;
  readonly path: string;
  /** Epoch ms. */
  readonly uploadedMs: number;
  readonly sizeBytes: number;
  /** The first is the default; none when the file is no job jar. */
  readonly entries: readonly JarEntry[];
}

export interface StoredProgram {
  readonly bundlePath: string;
  readonly description: JobJarDescription;
}

/** Received, not yet checked. */
export interface IncomingJar {
  readonly uuid: string;
  readonly path: string;
  readonly sizeBytes: number;
}

const INCOMING = '.incoming';
const PROGRAMS = '.programs';

export class JarStore {
  readonly directory: string;
  readonly limits: JarLimits;
  readonly #createUuid: () => string;
  readonly #space: JarSpace;
  /** By id; files of the folder do not change. */
  readonly #descriptions = new Map<string, Promise<JobJarDescription | undefined>>();

  private constructor({ directory, createUuid, limits }: JarStoreOptions) {
    this.directory = directory;
    this.limits = { ...defaultJarLimits, ...limits };
    this.#createUuid = createUuid;
    this.#space = new JarSpace(this.limits, () => this.#measure());
  }

  /** Uploads that a crash cut off are removed. */
  static async open(options: JarStoreOptions): Promise<JarStore> {
    await rm(join(options.directory, INCOMING), { recursive: true, force: true });
    await mkdir(join(options.directory, INCOMING), { recursive: true });
    await mkdir(join(options.directory, PROGRAMS), { recursive: true });
    return new JarStore(options);
  }

  /**
   * Takes a file's bytes to disk; end it with `accept` or `discard`.
   * @throws UPLOAD_LIMIT, JAR_STORE_FULL, JAR_SPACE_FULL, JAR_NOT_STORED, and the stream's own errors; the file is gone then
   */
  async receive(stream: Readable): Promise<IncomingJar> {
    const uuid = this.#createUuid();
    const path = join(this.directory, INCOMING, uuid);
    // The client may go away before the pipeline listens.
    stream.on('error', () => undefined);
    await this.#space.begin(uuid);
    try {
      // Open before it is written: a stream that opens by itself may make the file after it was discarded.
      const file = await open(path, 'wx');
      await pipeline(stream, this.#counted(uuid), file.createWriteStream());
      return { uuid, path, sizeBytes: (await stat(path)).size };
    } catch (error) {
      await this.discard({ uuid, path });
      throw toStoreFailure(error, this.directory);
    }
  }

  /**
   * Checks a received file and keeps it.
   * @param name ends in .jar
   * @throws JAR_STORE_FULL, JAR_SPACE_FULL, JAR_NOT_STORED and what readJobJar throws; the file is gone then
   */
  async accept(incoming: IncomingJar, name: string): Promise<StoredJar> {
    const id = toJarId(incoming.uuid, name);
    try {
      const { description, program } = await readJobJar(incoming.path, name, this.limits);
      await this.#space.keep(incoming.uuid, program.byteLength, () => this.#keep(incoming, id, program));
      this.#descriptions.set(id, Promise.resolve(description));
    } catch (error) {
      await this.discard(incoming);
      await rm(this.#programFolder(id), { recursive: true, force: true });
      throw toStoreFailure(error, this.directory);
    }
    return (await this.find(id)) as StoredJar;
  }

  async discard({ uuid, path }: Pick<IncomingJar, 'uuid' | 'path'>): Promise<void> {
    await rm(path, { force: true });
    this.#space.end(uuid);
  }

  /** Newest first. */
  async list(): Promise<StoredJar[]> {
    const found = await Promise.all((await this.#fileNames()).map((id) => this.find(id)));
    return found
      .filter((jar) => jar !== undefined)
      .sort((a, b) => b.uploadedMs - a.uploadedMs || (a.id < b.id ? -1 : 1));
  }

  async find(id: string): Promise<StoredJar | undefined> {
    const name = isJarId(id) ? nameOfJar(id) : undefined;
    if (name === undefined) return undefined;
    const path = join(this.directory, id);
    const file = await stat(path).catch(() => undefined);
    if (file?.isFile() !== true) return undefined;
    const description = await this.#describe(id, path);
    return { id, name, path, uploadedMs: file.mtimeMs, sizeBytes: file.size, entries: description?.entries ?? [] };
  }

  /** The unpacked program of a jar. @throws what readJobJar throws */
  async openProgram(jar: StoredJar): Promise<StoredProgram> {
    const bundlePath = this.#bundlePath(jar.id);
    const description = await this.#describe(jar.id, jar.path);
    if (description !== undefined && (await stat(bundlePath).catch(() => undefined))?.isFile()) {
      return { bundlePath, description };
    }
    const read = await readJobJar(jar.path, jar.name, this.limits);
    await this.#writeProgram(jar.id, read.program);
    return { bundlePath, description: read.description };
  }

  /** @returns false when there is no such jar */
  async remove(id: string): Promise<boolean> {
    const jar = await this.find(id);
    if (jar === undefined) return false;
    this.#descriptions.delete(id);
    await rm(jar.path, { force: true });
    await rm(this.#programFolder(id), { recursive: true, force: true });
    return true;
  }

  /** Passes on what there is room for. */
  #counted(uuid: string): (pieces: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
    const space = this.#space;
    return async function* (pieces) {
      for await (const piece of pieces) {
        await space.take(uuid, piece.length);
        yield piece;
      }
    };
  }

  /** J1. */
  async #keep(incoming: IncomingJar, id: string, program: Uint8Array): Promise<void> {
    await this.#writeProgram(id, program);
    await sync(incoming.path);
    await rename(incoming.path, join(this.directory, id));
    await sync(this.directory);
  }

  async #measure(): Promise<KeptJars> {
    const ids = await this.#fileNames();
    const paths = ids.flatMap((id) => [join(this.directory, id), this.#bundlePath(id)]);
    const sizes = await Promise.all(
      paths.map((path) =>
        stat(path).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    return { jars: ids.length, sizeBytes: sizes.reduce((sum, sizeBytes) => sum + sizeBytes, 0) };
  }

  async #fileNames(): Promise<string[]> {
    const files = await readdir(this.directory, { withFileTypes: true });
    return files.filter((file) => file.isFile() && isJarId(file.name)).map(({ name }) => name);
  }

  #describe(id: string, path: string): Promise<JobJarDescription | undefined> {
    const known = this.#descriptions.get(id);
    if (known !== undefined) return known;
    const description = readJobJarDescription(path, id, this.limits).catch(() => undefined);
    this.#descriptions.set(id, description);
    return description;
  }

  async #writeProgram(id: string, program: Uint8Array): Promise<void> {
    const path = this.#bundlePath(id);
    await mkdir(this.#programFolder(id), { recursive: true });
    const temporary = `${path}.${this.#createUuid()}`;
    await writeFile(temporary, program);
    await rename(temporary, path);
  }

  #bundlePath(id: string): string {
    return join(this.#programFolder(id), 'program.cjs');
  }

  #programFolder(id: string): string {
    return join(this.directory, PROGRAMS, id);
  }
}

/** What the disk refuses: no room, no right, a quota. A client that goes away is none of these. */
function toStoreFailure(error: unknown, directory: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined || NETWORK_CODES.has(code)) return error;
  return appError('JAR_NOT_STORED', [directory, code], { cause: error });
}

const NETWORK_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE']);

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
