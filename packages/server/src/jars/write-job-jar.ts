// Makes a job jar: a zip of the manifest and the bundled program. Same input, same bytes: fixed times and modes, manifest first,
// then sorted by name.
import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';
import { type JobJarDescription, toManifest } from './job-jar-description.ts';
import { formatManifest, MANIFEST_PATH } from './manifest.ts';

/** The first moment that DOS times know; `mtime` is read in local time by the DOS field, hence no Z. */
const FIXED_TIME = new Date('1980-01-01T00:00:00');
const FILE_MODE = 0o100644;

/** @param program the bundle, CommonJS with its source map */
export async function writeJobJar(description: JobJarDescription, program: Uint8Array): Promise<Buffer> {
  const files = new Map<string, Uint8Array>([
    [MANIFEST_PATH, Buffer.from(formatManifest(toManifest(description)))],
    [description.programPath, program],
  ]);
  return zip(files);
}

/** Java's tools expect META-INF first. */
async function zip(files: ReadonlyMap<string, Uint8Array>): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  const paths = [...files.keys()].sort(
    (a, b) => Number(b === MANIFEST_PATH) - Number(a === MANIFEST_PATH) || (a < b ? -1 : 1),
  );
  for (const path of paths) {
    const contents = Buffer.from(files.get(path) as Uint8Array);
    const options = { mtime: FIXED_TIME, mode: FILE_MODE, compressionLevel: 9, forceDosTimestamp: true };
    archive.addBuffer(contents, path, options as Partial<yazl.Options>);
  }
  archive.end();
  return buffer(archive.outputStream);
}
