import { mkdir, mkdtemp, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CheckpointMetadata } from '../../src/checkpoint/checkpoint-metadata.ts';
import { CheckpointStorage } from '../../src/checkpoint/checkpoint-storage.ts';
import { crc32 } from '../../src/checkpoint/crc32.ts';
import { NodeDurableFiles } from '../../src/checkpoint/durable-files.ts';
import { FsStateFileFactory } from '../../src/checkpoint/fs-state-file-factory.ts';
import { decodeMetadata, encodeMetadata } from '../../src/checkpoint/metadata-codec.ts';
import { readMetadata, verifyStateFiles } from '../../src/checkpoint/metadata-reader.ts';
import { toStateDirectory } from '../../src/checkpoint/savepoint-path.ts';
import type { StateFileHandle } from '../../src/checkpoint/state-handles.ts';

const files = new NodeDurableFiles();
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-checkpoint-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

function metadataOf(handles: readonly StateFileHandle[]): CheckpointMetadata {
  return {
    kind: 'savepoint',
    checkpointId: 3,
    jobId: 'a'.repeat(32),
    jobName: '여울 "job"',
    triggerTimestampMs: 1,
    completionTimestampMs: 2,
    engineVersion: '0.1.0',
    programDigest: 'd'.repeat(64),
    graphHash: 'h',
    sharedDirectory: undefined,
    operators: [
      {
        operatorId: 'op',
        uid: undefined,
        name: 'op',
        vertexId: 'v',
        vertexName: 'v',
        parallelism: 1,
        maxParallelism: 128,
        states: [],
        finishedSubtasks: [],
        subtasks: [
          {
            index: 0,
            keyed: [
              { backend: 'heap', keyGroups: { start: 0, end: 127 }, files: handles, incremental: false, states: [] },
            ],
            operator: [],
          },
        ],
      },
    ],
  };
}

function factory(inlineThresholdBytes = 16): FsStateFileFactory {
  let next = 0;
  return new FsStateFileFactory({
    exclusiveDirectory: directory,
    sharedDirectory: join(directory, 'shared'),
    inlineThresholdBytes,
    selfContained: false,
    createFileName: () => `file-${next++}`,
  });
}

async function write(bytes: Uint8Array, scope: 'exclusive' | 'shared' = 'exclusive'): Promise<StateFileHandle> {
  const writer = factory().create(scope);
  writer.write(bytes.subarray(0, bytes.length / 2));
  writer.write(bytes.subarray(bytes.length / 2));
  return writer.close();
}

async function savepoint(): Promise<StateFileHandle> {
  const handle = await write(new Uint8Array(100_000).fill(7));
  await new CheckpointStorage(directory, 'job', files).complete(directory, metadataOf([handle]));
  return handle;
}

describe('state files', () => {
  test('small content is inline, large content a file under its final name, shared content always a file', async () => {
    const small = await write(Uint8Array.of(1, 2, 3));
    expect(small).toEqual({
      location: { kind: 'inline', bytes: Uint8Array.of(1, 2, 3) },
      sizeBytes: 3,
      crc32: crc32(Uint8Array.of(1, 2, 3)),
    });
    const large = await write(new Uint8Array(3_000_000).fill(9));
    expect(large.location).toEqual({ kind: 'file', scope: 'exclusive', path: 'file-0' });
    expect(await files.checksum(join(directory, 'file-0'))).toEqual({ sizeBytes: 3_000_000, crc32: large.crc32 });
    const shared = await write(Uint8Array.of(1), 'shared');
    expect(shared.location).toMatchObject({ kind: 'file', scope: 'shared' });
    expect(await readdir(directory)).toEqual(['file-0', 'shared']);
  });

  test('an aborted file leaves nothing; a disk that refuses is the error of close', async () => {
    const writer = factory().create('exclusive');
    writer.write(new Uint8Array(2_000_000));
    await writer.abort();
    expect(await readdir(directory)).toEqual([]);
    await writeFile(join(directory, 'shared'), 'in the way');
    const refused = factory().create('shared');
    refused.write(new Uint8Array(2_000_000));
    await expect(refused.close()).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});

describe('_metadata', () => {
  test('is read back as it was written, inline bytes included', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }), fc.boolean(), (contents, asBuffer) => {
        const handles = contents.map((content): StateFileHandle => {
          const bytes = asBuffer ? Buffer.from(content) : content;
          return { location: { kind: 'inline', bytes }, sizeBytes: content.length, crc32: crc32(content) };
        });
        const decoded = decodeMetadata(encodeMetadata(metadataOf(handles)), 'here');
        const expected = metadataOf(
          handles.map((handle, i) => ({ ...handle, location: { kind: 'inline', bytes: contents[i]! } })),
        );
        expect(decoded).toEqual(expected);
      }),
    );
  });

  test('any changed byte and any truncation is noticed', () => {
    const bytes = encodeMetadata(
      metadataOf([{ location: { kind: 'inline', bytes: Uint8Array.of(1, 2) }, sizeBytes: 2, crc32: 1 }]),
    );
    for (let at = 0; at < bytes.length; at++) {
      expect(() => decodeMetadata(bytes.subarray(0, at), 'here'), `cut at ${at}`).toThrow(/here/);
      const damaged = bytes.slice();
      damaged[at]! ^= 0x10;
      expect(() => decodeMetadata(damaged, 'here'), `byte ${at}`).toThrow(/here/);
    }
  });
});

describe('a savepoint', () => {
  test('can be moved, and named by directory or file, with or without file:', async () => {
    await savepoint();
    const moved = join(directory, 'moved');
    await mkdir(moved);
    await rename(join(directory, 'file-0'), join(moved, 'file-0'));
    await rename(join(directory, '_metadata'), join(moved, '_metadata'));
    for (const path of [moved, `${moved}/`, `${moved}/_metadata`, `file:${moved}`, `file://${moved}/_metadata`]) {
      const stored = await readMetadata(path, files);
      await verifyStateFiles(stored, files);
      expect(stored.metadata.operators[0]?.subtasks[0]?.keyed[0]?.directories).toEqual({
        exclusive: moved,
        shared: moved,
      });
    }
  });

  test('with a missing, short or changed file is refused, by the name of the file', async () => {
    await savepoint();
    const stored = await readMetadata(directory, files);
    await writeFile(join(directory, 'file-0'), new Uint8Array(100_000).fill(8));
    await expect(verifyStateFiles(stored, files)).rejects.toThrow(/file-0 is damaged \(its checksum/);
    await truncate(join(directory, 'file-0'), 5);
    await expect(verifyStateFiles(stored, files)).rejects.toThrow(/file-0 is damaged \(5 bytes instead of 100000\)/);
    await rm(join(directory, 'file-0'));
    await expect(verifyStateFiles(stored, files)).rejects.toThrow(/file-0 is missing/);
  });

  test.each(['hdfs://host/x', 's3://bucket/x', 'file://otherhost/x', 'http://localhost/x', ''])(
    'elsewhere (%s) is refused',
    (path) => {
      expect(() => toStateDirectory(path)).toThrow(/only local paths/);
    },
  );
});

describe('durable files', () => {
  test('write whole or not at all, create once, list, remove', async () => {
    const path = join(directory, 'a/b/c.json');
    await files.writeAtomic(path, Buffer.from('one'));
    await files.writeAtomic(path, Buffer.from('two'));
    expect(Buffer.from((await files.read(path))!).toString()).toBe('two');
    expect(await files.createExclusive(path, Buffer.from('three'))).toBe(false);
    expect(await files.list(join(directory, 'a/b'))).toEqual([{ name: 'c.json', kind: 'file' }]);
    await files.removeIfEmpty(join(directory, 'a'));
    expect(await files.kindOf(path)).toBe('file');
    await files.remove(join(directory, 'a'));
    expect([await files.kindOf(path), await files.read(path), await files.list(join(directory, 'a'))]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });
});

describe('what _metadata points to', () => {
  const located = (path: string) =>
    metadataOf([{ location: { kind: 'file', scope: 'exclusive', path }, sizeBytes: 1, crc32: 0 }]);

  test.each(['../../etc/passwd', '/etc/passwd', '..', '.', 'a/b', 'a\\b', ''])(
    'a state file called %j is refused',
    (path) => {
      expect(() => decodeMetadata(encodeMetadata(located(path)), '/s')).toThrow('is no name of a state file');
    },
  );

  test('shared files anywhere but beside it are refused', () => {
    const metadata = { ...metadataOf([]), sharedDirectory: '../../other' };
    expect(() => decodeMetadata(encodeMetadata(metadata), '/s')).toThrow('shared files are not in ../../other');
  });

  test.each(['{"a":', '{"kind":"inline"}'])('a description %s is damage, not a fault of the engine', (json) => {
    const bytes = encodeMetadata({ toJSON: () => ({}) } as never);
    const description = Buffer.from(json);
    const header = Buffer.from(bytes.subarray(0, 20));
    header.writeUInt32LE(description.length, 12);
    const body = Buffer.concat([header, description]);
    const trailer = Buffer.alloc(4);
    trailer.writeUInt32LE(crc32(body));
    expect(() => decodeMetadata(Buffer.concat([body, trailer]), '/s')).toThrow(
      expect.objectContaining({ code: 'METADATA_CORRUPT' }),
    );
  });
});
