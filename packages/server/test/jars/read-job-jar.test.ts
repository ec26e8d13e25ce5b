import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultJarLimits, type JarLimits } from '../../src/jars/jar-limits.ts';
import { readJobJar } from '../../src/jars/read-job-jar.ts';
import { writeJobJar } from '../../src/jars/write-job-jar.ts';
import { description, manifestText, patch, zipOf } from './jar-files.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-jars-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function read(bytes: Uint8Array, limits: Partial<JarLimits> = {}) {
  const path = join(directory, 'x.jar');
  await writeFile(path, bytes);
  return readJobJar(path, 'job.jar', { ...defaultJarLimits, ...limits });
}

const program = Buffer.from('exports.default = () => {}');
const good = { 'META-INF/MANIFEST.MF': manifestText, 'program/a.cjs': program };

test('what is written is read again, the same bytes every time', async () => {
  const full = {
    ...description,
    name: 'Words',
    description: 'Counts words. '.repeat(20).trim(),
    entries: [
      { name: 'B', description: 'the other' },
      { name: 'A', description: null },
    ],
  };
  const bytes = await writeJobJar(full, program);
  expect(await writeJobJar(full, program)).toEqual(bytes);
  const jar = await read(bytes);
  expect(jar.program).toEqual(program);
  expect(jar.description).toEqual({
    ...full,
    entries: [
      { name: 'B', description: 'the other' },
      { name: 'A', description: full.description },
    ],
  });
});

test('a jar made by other tools is read: stored or deflated, directories, other files', async () => {
  const bytes = await zipOf({
    'README.txt': 'hello',
    '-META-INF/MANIFEST.MF': manifestText,
    '-program/a.cjs': program,
  });
  expect((await read(bytes)).description.entries).toEqual([{ name: 'A', description: null }]);
});

test('no zip, or half of one, is not readable', async () => {
  const whole = await zipOf(good);
  for (const bytes of [Buffer.alloc(0), Buffer.from('not a jar'), whole.subarray(0, 100), whole.subarray(40)]) {
    await expect(read(bytes)).rejects.toMatchObject({ code: 'JAR_NOT_READABLE' });
  }
});

test('a Java jar is told the ways out', async () => {
  const java = await zipOf({ 'META-INF/MANIFEST.MF': 'Main-Class: a.B\n', 'a/B.class': 'cafe', 'a/C.class': 'babe' });
  await expect(read(java)).rejects.toThrow(
    'Jar job.jar holds no program that can run here: it holds 2 Java classes, and there is no JVM here. Write the job in TypeScript and make its jar with `yeoul build job.ts -o job.jar`, or submit this one to an Apache Flink cluster',
  );
});

test.each([
  ['no manifest', { 'program/a.cjs': program }, 'JAR_WITHOUT_PROGRAM'],
  ['a manifest without program', { 'META-INF/MANIFEST.MF': 'Main-Class: A\n' }, 'JAR_WITHOUT_PROGRAM'],
  ['a program that is not there', { 'META-INF/MANIFEST.MF': manifestText }, 'JAR_NOT_READABLE'],
  ['a later layout', { ...good, 'META-INF/MANIFEST.MF': `Yeoul-Job-Jar: 9\n${manifestText}` }, 'JAR_FORMAT_UNKNOWN'],
])('%s is refused', async (_title, files, code) => {
  await expect(read(await zipOf(files))).rejects.toMatchObject({ code });
});

test.each(['../../evil.txt', '/etc/evil.txt..', 'a\\..\\evil.txt'])('an entry called %j is refused', async (name) => {
  const bytes = patch(await zipOf({ ...good, ['x'.repeat(name.length)]: 'evil' }), 'x'.repeat(name.length), name);
  await expect(read(bytes)).rejects.toMatchObject({ code: 'JAR_NOT_READABLE' });
});

test.each([
  ['jars.max-entries', { maxEntries: 1 }],
  ['jars.max-unpacked-bytes', { maxUnpackedBytes: 10 }],
  ['jars.max-program-bytes', { maxProgramBytes: 10 }],
  ['jars.max-manifest-bytes', { maxManifestBytes: 10 }],
])('reaching %s names it', async (name, limits) => {
  await expect(read(await zipOf(good), limits)).rejects.toThrow(name);
});

test('a bomb is refused by its ratio, without being unpacked', async () => {
  const bytes = await zipOf({ ...good, 'zeros.bin': Buffer.alloc(12 * 1024 * 1024) });
  await expect(read(bytes)).rejects.toThrow('(jars.max-ratio)');
});

test('an entry that unpacks to more than it declares is refused', async () => {
  const bytes = await zipOf({ ...good, 'program/a.cjs': 'x'.repeat(5000) });
  const size = Buffer.alloc(4);
  size.writeUInt32LE(5000);
  const declared = Buffer.from(bytes);
  for (let at = declared.indexOf(size); at >= 0; at = declared.indexOf(size, at + 1)) declared.writeUInt32LE(50, at);
  await expect(read(declared)).rejects.toMatchObject({ code: 'JAR_NOT_READABLE' });
});

test('a flipped bit in the program is seen', async () => {
  const bytes = await zipOf({ 'META-INF/MANIFEST.MF': manifestText, '-program/a.cjs': program });
  const flipped = patch(bytes, 'exports.default', 'exports.defaulu');
  await expect(read(flipped)).rejects.toThrow('checksum');
});
