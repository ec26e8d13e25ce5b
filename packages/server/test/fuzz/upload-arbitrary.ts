// Uploads: jars that are right, damaged, bombs or something else, in bodies that are right, cut off or no multipart.
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { writeJobJar } from '../../src/jars/write-job-jar.ts';
import { description, manifestText, patch, zipOf } from '../jars/jar-files.ts';
import { hostileText } from './request-arbitrary.ts';

export interface FuzzUpload {
  readonly payload: Buffer;
  readonly contentType: string;
}

const MIB = 1024 * 1024;
const program = 'exports.WordCount = () => {}';

/** Name → bytes. */
export async function makeJars(): Promise<ReadonlyMap<string, Buffer>> {
  const good = await writeJobJar(description, Buffer.from(program));
  const manifest = { 'META-INF/MANIFEST.MF': manifestText };
  const nested = await zipOf({
    'inner.jar': good,
    deeper: await zipOf({ 'a.zip': await zipOf({ a: 'x'.repeat(1000) }) }),
  });
  const named = async (name: string) => {
    const placeholder = 'x'.repeat(Buffer.byteLength(name));
    return patch(await zipOf({ ...manifest, 'program/a.cjs': program, [placeholder]: 'evil' }), placeholder, name);
  };
  return new Map([
    ['good', good],
    ['empty', Buffer.alloc(0)],
    ['no zip', Buffer.from('not a jar')],
    ['end record alone', Buffer.from('504b0506'.padEnd(44, '0'), 'hex')],
    ['bomb', await zipOf({ ...manifest, 'program/a.cjs': program, 'zeros.bin': Buffer.alloc(24 * MIB) })],
    ['bomb as program', await zipOf({ ...manifest, 'program/a.cjs': Buffer.alloc(24 * MIB) })],
    ['bomb as manifest', await zipOf({ 'META-INF/MANIFEST.MF': Buffer.alloc(24 * MIB, 'a') })],
    ['bomb that lies about its size', await lyingBomb()],
    ['nested', nested],
    ['nested with manifest', await zipOf({ ...manifest, 'program/a.cjs': nested })],
    ['up', await named('../../../evil.txt')],
    ['absolute', await named('/etc/evil.txt')],
    ['backslashes', await named('..\\..\\evil.txt')],
    ['drive', await named('C:\\evil.txt')],
    ['nul', await named('a\0b')],
    [
      'program outside',
      await zipOf({ 'META-INF/MANIFEST.MF': manifestText.replace('program/a.cjs', '../../a.cjs  ') }),
    ],
    ['Java', await zipOf({ 'META-INF/MANIFEST.MF': 'Main-Class: a.B\n', 'a/B.class': 'cafe' })],
    ['without program', await zipOf(manifest)],
    ['without manifest', await zipOf({ 'program/a.cjs': program })],
    ['strange manifest', await zipOf({ 'META-INF/MANIFEST.MF': '\0\xff: \n\n\n:::\nYeoul-Program: __proto__' })],
    ['many entries', await zipOf(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`-e${i}`, ''])))],
    ['behind something', Buffer.concat([Buffer.from('#!/bin/sh\n'), good])],
    ['too large', Buffer.alloc(MIB + 1)],
  ]);
}

/** Its program unpacks to 24 MiB and says 10 bytes. */
async function lyingBomb(): Promise<Buffer> {
  const zeros = Buffer.alloc(24 * MIB);
  const bytes = await zipOf({ 'META-INF/MANIFEST.MF': manifestText, 'program/a.cjs': zeros });
  const size = Buffer.alloc(4);
  size.writeUInt32LE(zeros.byteLength);
  const small = Buffer.alloc(4);
  small.writeUInt32LE(10);
  const lied = Buffer.from(bytes);
  for (let at = lied.indexOf(size); at >= 0; at = lied.indexOf(size, at + 1)) small.copy(lied, at);
  if (deflateRawSync(zeros).byteLength > bytes.byteLength) throw new Error('not packed');
  return lied;
}

export function uploadOf(jars: ReadonlyMap<string, Buffer>): fc.Arbitrary<FuzzUpload> {
  const jar = fc.constantFrom(...jars.values());
  const contents = fc.oneof(
    { weight: 3, arbitrary: jar },
    { weight: 2, arbitrary: damaged(jars.get('good') as Buffer) },
  );
  const fileName = fc.oneof(
    fc.constantFrom('a.jar', '../../b.jar', 'c.JAR', 'd.txt', '.jar', `${'x'.repeat(400)}.jar`),
    hostileText,
  );
  const part = fc.record({ contents, fileName, name: fc.oneof(fc.constant('jarfile'), hostileText) });
  const right = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => multipart(parts));
  return fc.oneof(
    { weight: 6, arbitrary: right.map((payload) => ({ payload, contentType: TYPE })) },
    {
      weight: 3,
      arbitrary: fc.tuple(right, fc.double({ min: 0, max: 1, noNaN: true })).map(([payload, share]) => ({
        payload: payload.subarray(0, Math.floor(payload.length * share)),
        contentType: TYPE,
      })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          contents,
          fc.constantFrom(
            'application/zip',
            'multipart/form-data',
            'multipart/form-data; boundary=',
            'multipart/form-data; boundary=other',
            'multipart/mixed; boundary=cut',
          ),
        )
        .map(([payload, contentType]) => ({ payload, contentType })),
    },
    {
      weight: 1,
      arbitrary: fc
        .uint8Array({ maxLength: 2000 })
        .map((bytes) => ({ payload: Buffer.concat([Buffer.from('--cut\r\n'), bytes]), contentType: TYPE })),
    },
  );
}

const TYPE = 'multipart/form-data; boundary=cut';

/** A few bytes of it are others, or its end is missing. */
function damaged(jar: Buffer): fc.Arbitrary<Buffer> {
  const flips = fc.array(fc.tuple(fc.nat(jar.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  return fc.tuple(flips, fc.integer({ min: jar.length / 2, max: jar.length })).map(([changes, length]) => {
    const bytes = Buffer.from(jar);
    for (const [at, value] of changes) bytes[at] = value;
    return bytes.subarray(0, length);
  });
}

interface Part {
  readonly name: string;
  readonly fileName: string;
  readonly contents: Buffer;
}

function multipart(parts: readonly Part[]): Buffer {
  const pieces = parts.flatMap(({ name, fileName, contents }) => [
    Buffer.from(
      `--cut\r\nContent-Disposition: form-data; name="${quoted(name)}"; filename="${quoted(fileName)}"\r\n\r\n`,
    ),
    contents,
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from('--cut--\r\n')]);
}

function quoted(text: string): string {
  return text.replace(/["\r\n]/g, '%22');
}
