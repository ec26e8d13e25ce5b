// Reads an uploaded jar without trusting it. Owns: the checks of the archive. Does not own: where its program goes (JarStore does).
//   R1. Nothing is unpacked before every entry's name and declared sizes were checked; only the manifest and the program are unpacked at all.
//   R2. What is unpacked never grows past its declared size (yauzl), and its checksum is held.
//   R3. No name inside the archive becomes a path on disk.
import { stat } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { AppError, appError } from '@yeoul/engine';
import { crc32 } from '@yeoul/engine/runtime';
import yauzl from 'yauzl';
import { type JarLimits, jarLimitNames } from './jar-limits.ts';
import { Attribute, JOB_JAR_FORMAT, type JobJarDescription, toDescription } from './job-jar-description.ts';
import { MANIFEST_PATH, type Manifest, parseManifest } from './manifest.ts';

export interface JobJar {
  readonly description: JobJarDescription;
  /** The bundled program. */
  readonly program: Uint8Array;
}

/**
 * The whole jar, its program unpacked.
 * @param name what the jar is called in messages
 * @throws JAR_NOT_READABLE, JAR_LIMIT, JAR_WITHOUT_PROGRAM, JAR_FORMAT_UNKNOWN
 */
export async function readJobJar(path: string, name: string, limits: JarLimits): Promise<JobJar> {
  return openJobJar(path, name, limits, async ({ archive, entries, description }) => {
    const entry = entries.get(description.programPath);
    if (entry === undefined) throw notReadable(name, `its program ${description.programPath} is not in it`);
    return { description, program: await unpack(archive, entry, name, ['maxProgramBytes', limits.maxProgramBytes]) };
  });
}

/** What the jar says about itself; throws as readJobJar does. */
export function readJobJarDescription(path: string, name: string, limits: JarLimits): Promise<JobJarDescription> {
  return openJobJar(path, name, limits, async ({ description }) => description);
}

interface OpenedJar {
  readonly archive: yauzl.ZipFile;
  readonly entries: Entries;
  readonly description: JobJarDescription;
}

async function openJobJar<T>(
  path: string,
  name: string,
  limits: JarLimits,
  use: (jar: OpenedJar) => Promise<T>,
): Promise<T> {
  const archive = await yauzl.openPromise(path, { strictFileNames: true, autoClose: false }).catch((error: unknown) => {
    throw notReadable(name, error);
  });
  archive.on('error', () => undefined); // the iteration rejects with it
  try {
    const entries = await listEntries(archive, name, (await stat(path)).size, limits);
    const description = describe(await readManifest(archive, entries, name, limits), entries, name);
    return await use({ archive, entries, description });
  } finally {
    archive.close();
  }
}

type Entries = ReadonlyMap<string, yauzl.Entry>;

async function listEntries(
  archive: yauzl.ZipFile,
  name: string,
  packedBytes: number,
  limits: JarLimits,
): Promise<Entries> {
  const entries = new Map<string, yauzl.Entry>();
  let unpackedBytes = 0;
  if (archive.entryCount > limits.maxEntries) throw limit(name, 'entries', archive.entryCount, 'maxEntries', limits);
  try {
    for await (const entry of archive.eachEntry()) {
      unpackedBytes += entry.uncompressedSize;
      if (entry.fileName.includes('\0')) throw notReadable(name, 'the name of an entry has a zero byte');
      if (entries.has(entry.fileName)) throw notReadable(name, `${entry.fileName} is in it twice`);
      entries.set(entry.fileName, entry);
    }
  } catch (error) {
    throw notReadable(name, error);
  }
  if (unpackedBytes > limits.maxUnpackedBytes) {
    throw limit(name, 'unpacked bytes', unpackedBytes, 'maxUnpackedBytes', limits);
  }
  const ratio = unpackedBytes / packedBytes;
  if (unpackedBytes >= limits.ratioFromBytes && ratio > limits.maxRatio) {
    throw limit(name, 'times its size unpacked', Math.round(ratio), 'maxRatio', limits);
  }
  return entries;
}

async function readManifest(
  archive: yauzl.ZipFile,
  entries: Entries,
  name: string,
  limits: JarLimits,
): Promise<Manifest> {
  const entry = entries.get(MANIFEST_PATH);
  if (entry === undefined) throw withoutProgram(name, entries);
  const bytes = await unpack(archive, entry, name, ['maxManifestBytes', limits.maxManifestBytes]);
  return parseManifest(new TextDecoder().decode(bytes));
}

function describe(manifest: Manifest, entries: Entries, name: string): JobJarDescription {
  const description = toDescription(manifest);
  if (description === undefined) throw withoutProgram(name, entries);
  const format = manifest.main.get(Attribute.Format) ?? JOB_JAR_FORMAT;
  if (format !== JOB_JAR_FORMAT) {
    throw appError('JAR_FORMAT_UNKNOWN', [name, format, description.createdBy, JOB_JAR_FORMAT]);
  }
  return description;
}

async function unpack(
  archive: yauzl.ZipFile,
  entry: yauzl.Entry,
  name: string,
  [limitName, maxBytes]: readonly [keyof JarLimits, number],
): Promise<Uint8Array> {
  if (entry.uncompressedSize > maxBytes) {
    const size = [name, entry.uncompressedSize, `bytes in ${entry.fileName}`];
    throw appError('JAR_LIMIT', [...size, maxBytes, jarLimitNames[limitName]]);
  }
  try {
    const bytes = await buffer(await archive.openReadStreamPromise(entry));
    if (crc32(bytes) !== entry.crc32) throw new Error(`the checksum of ${entry.fileName} does not hold`);
    return bytes;
  } catch (error) {
    throw notReadable(name, error);
  }
}

function withoutProgram(name: string, entries: Entries): Error {
  const classes = [...entries.keys()].filter((path) => path.endsWith('.class')).length;
  return appError('JAR_WITHOUT_PROGRAM', [
    name,
    classes > 0 ? `it holds ${classes} Java classes, and there is no JVM here` : 'its manifest names none',
  ]);
}

function limit(name: string, what: string, value: number, limitName: keyof JarLimits, limits: JarLimits): Error {
  return appError('JAR_LIMIT', [name, value, what, limits[limitName], jarLimitNames[limitName]]);
}

function notReadable(name: string, reason: unknown): Error {
  if (typeof reason === 'string') return appError('JAR_NOT_READABLE', [name, reason]);
  if (reason instanceof AppError) return reason;
  return appError('JAR_NOT_READABLE', [name, reason instanceof Error ? reason.message : reason], { cause: reason });
}
