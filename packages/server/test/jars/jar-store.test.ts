import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JarLimits } from '../../src/jars/jar-limits.ts';
import { JarStore } from '../../src/jars/jar-store.ts';
import { writeJobJar } from '../../src/jars/write-job-jar.ts';
import { description } from './jar-files.ts';

let directory = '';
let made = 0;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yeoul-store-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const openStore = (limits: Partial<JarLimits> = {}) =>
  JarStore.open({ directory, limits, createUuid: () => `uuid-${++made}` });

async function add(store: JarStore, name: string, program = 'exports.a = 1') {
  const jar = await writeJobJar(description, Buffer.from(program));
  return store.accept(await store.receive(Readable.from([jar])), name);
}

test('jars are listed newest first, and again after a restart', async () => {
  const store = await openStore();
  for (const name of ['a.jar', 'b.jar', 'a.jar']) await add(store, name);
  const listed = await store.list();
  expect(listed.map(({ name }) => name)).toEqual(['a.jar', 'b.jar', 'a.jar']);
  expect(listed[0]?.id).not.toBe(listed[2]?.id);
  expect(listed[0]?.entries).toEqual(description.entries);
  expect(await (await openStore()).list()).toEqual(listed);
});

test('the program comes out of the jar, again when its unpacked copy is lost', async () => {
  const store = await openStore();
  const jar = await add(store, 'a.jar', 'exports.b = 2');
  await rm(join(directory, '.programs'), { recursive: true });
  const { bundlePath } = await store.openProgram(jar);
  expect(await readFile(bundlePath, 'utf8')).toBe('exports.b = 2');
});

test('what is refused leaves nothing behind', async () => {
  const store = await openStore({ maxJars: 1 });
  await expect(store.accept(await store.receive(Readable.from(['no zip'])), 'a.jar')).rejects.toMatchObject({
    code: 'JAR_NOT_READABLE',
  });
  const broken = new Readable({ read: () => undefined });
  const received = store.receive(broken);
  broken.destroy(new Error('connection lost'));
  await expect(received).rejects.toThrow('connection lost');
  const kept = await add(store, 'a.jar');
  await expect(add(store, 'b.jar')).rejects.toMatchObject({ code: 'JAR_STORE_FULL' });
  expect((await readdir(directory, { recursive: true })).sort()).toEqual(
    ['.incoming', '.programs', `.programs/${kept.id}`, `.programs/${kept.id}/program.cjs`, kept.id].sort(),
  );
});

test('uploads that a crash cut off are gone at the next start', async () => {
  await mkdir(join(directory, '.incoming'));
  await writeFile(join(directory, '.incoming', 'half'), 'PK');
  await openStore();
  expect(await readdir(join(directory, '.incoming'))).toEqual([]);
});

test('a removed jar is gone with its program; an unknown one is said to be', async () => {
  const store = await openStore();
  const { id } = await add(store, 'a.jar');
  expect(await store.remove(id)).toBe(true);
  expect(await store.remove(id)).toBe(false);
  expect(await store.list()).toEqual([]);
  expect(await readdir(join(directory, '.programs'))).toEqual([]);
});

test('ids reach nothing outside the folder', async () => {
  const store = await openStore();
  await mkdir(join(directory, 'sub'));
  await writeFile(join(directory, 'sub', 'x_a.jar'), '');
  for (const id of ['sub/x_a.jar', '../x_a.jar', '.programs', '..', '']) {
    expect(await store.find(id)).toBeUndefined();
    expect(await store.remove(id)).toBe(false);
  }
});

test('a file put there by hand is listed without entries', async () => {
  await writeFile(join(directory, 'x_hand.jar'), 'whatever');
  const [jar] = await (await openStore()).list();
  expect(jar).toMatchObject({ id: 'x_hand.jar', name: 'hand.jar', entries: [] });
});

test('jars and their programs take no more than the limit together, and what is refused leaves nothing', async () => {
  const jarBytes = (await writeJobJar(description, Buffer.from('exports.a = 1'))).byteLength;
  const store = await openStore({ maxKeptBytes: 2 * (jarBytes + 13) });
  const kept = [await add(store, 'a.jar'), await add(store, 'b.jar')];
  const before = (await readdir(directory, { recursive: true })).sort();
  await expect(add(store, 'c.jar')).rejects.toMatchObject({ code: 'JAR_SPACE_FULL' });
  expect((await readdir(directory, { recursive: true })).sort()).toEqual(before);
  await store.remove(kept[0]!.id);
  await add(store, 'c.jar');
  // Removed by hand.
  await rm(join(directory, kept[1]!.id));
  await rm(join(directory, '.programs', kept[1]!.id), { recursive: true });
  await add(store, 'd.jar');
});

test('a program that finds no room takes its jar with it', async () => {
  const jarBytes = (await writeJobJar(description, Buffer.from('exports.a = 1'))).byteLength;
  const store = await openStore({ maxKeptBytes: jarBytes + 12 });
  await expect(add(store, 'a.jar')).rejects.toMatchObject({ code: 'JAR_SPACE_FULL' });
  expect((await readdir(directory, { recursive: true })).sort()).toEqual(['.incoming', '.programs']);
});

test('of several at once as many are kept as there is room for', async () => {
  const store = await openStore({ maxJars: 2 });
  const outcomes = await Promise.allSettled(['a.jar', 'b.jar', 'c.jar', 'd.jar'].map((name) => add(store, name)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  expect(await store.list()).toHaveLength(2);
});

test('what the disk refuses is said with its reason', async () => {
  const store = await openStore();
  await rm(join(directory, '.incoming'), { recursive: true });
  const error = await add(store, 'a.jar').catch((thrown) => thrown);
  expect([error.code, error.message]).toEqual(['JAR_NOT_STORED', expect.stringContaining('(ENOENT)')]);
  await mkdir(join(directory, '.incoming'));
  await add(store, 'a.jar');
});
