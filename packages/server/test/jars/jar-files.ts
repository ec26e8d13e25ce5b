// Jars for tests, good and bad.
import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';
import type { JobJarDescription } from '../../src/jars/job-jar-description.ts';

export const description: JobJarDescription = {
  entries: [{ name: 'WordCount', description: null }],
  programPath: 'program/word-count.cjs',
  name: undefined,
  description: undefined,
  createdBy: 'yeoul 0.1.0',
};

/** A zip of anything; `-` before a path stores instead of deflating. */
export function zipOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  for (const [path, contents] of Object.entries(files)) {
    const bytes = typeof contents === 'string' ? Buffer.from(contents) : Buffer.from(contents);
    archive.addBuffer(bytes, path.replace(/^-/, ''), { compress: !path.startsWith('-') });
  }
  archive.end();
  return buffer(archive.outputStream);
}

export const manifestText = 'Manifest-Version: 1.0\r\nYeoul-Program: program/a.cjs\r\nMain-Class: A\r\n\r\n';

/** Replaces a text of equal length wherever it stands: what an archive says of itself. */
export function patch(archive: Buffer, from: string, to: string): Buffer {
  if (Buffer.byteLength(from) !== Buffer.byteLength(to)) throw new Error('Lengths differ');
  const patched = Buffer.from(archive);
  for (let at = patched.indexOf(from); at >= 0; at = patched.indexOf(from, at + 1)) patched.write(to, at);
  return patched;
}
