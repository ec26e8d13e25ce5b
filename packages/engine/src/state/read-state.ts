// Looks into the state of a checkpoint or savepoint without the program that wrote it: for tools.
//   R1. Reads only; needs nothing but the handles of _metadata and the files they name.
//   R2. Rows of one key group are in memory at a time, so that a savepoint larger than memory can be read.
//   R3. What a later layer or file replaced or removed is not shown: entries are what a restore would load.
import { type BlockInfo, RowOperation, type StateFileState } from '../checkpoint/state-file-format.ts';
import { damaged, openStateBytes, StateFileReader } from '../checkpoint/state-file-reader.ts';
import type { KeyedStateHandle, OperatorStateHandle } from '../checkpoint/state-handles.ts';
import { AppError, toError } from '../errors.ts';
import { ByteReader, createSerializer, parseTypeDescription, type Serializer } from '../serialization/index.ts';
import type { StateSerializers } from './keyed-state-registry.ts';
import type { TtlValue } from './kinds/ttl.ts';
import { joinParts, PART_NUMBER_BYTES, PartNamespace } from './parts.ts';
import { rowSerializers } from './restore-keyed-state.ts';
import { type StateSchema, schemaOfDescription } from './state-schema.ts';

export interface KeyedStateEntry {
  readonly keyGroup: number;
  readonly key: unknown;
  /** Window of a window operator; undefined: the state is not namespaced. */
  readonly namespace: unknown;
  /** Value, array, Map or accumulator, by the kind of the state; of a timer the time in epoch ms. */
  readonly value: unknown;
  /** Of states with a time to live: when the entry (its newest element) was written, epoch ms. */
  readonly writtenMs?: number;
}

export interface OperatorStateElement {
  /** Of the list of one subtask, from 0. */
  readonly index: number;
  /** Element of a list; of broadcast state the whole Map. */
  readonly value: unknown;
}

export interface StateFigures {
  /** Rows in the files; more than the entries when `isExact` is false. */
  readonly rows: number;
  readonly sizeBytes: number;
  /** False: later layers or files replace or remove some of the rows. */
  readonly isExact: boolean;
}

/**
 * Rows and bytes of each keyed state, from the indexes of the files alone.
 * @throws STATE_FILE_MISSING, STATE_FILE_CORRUPT
 */
export async function measureKeyedStates(
  handles: readonly KeyedStateHandle[],
): Promise<ReadonlyMap<string, StateFigures>> {
  const figures = new Map<string, StateFigures>();
  for (const handle of handles) {
    await withReaders(handle, async (readers) => {
      for (const { name } of readers.flatMap(({ meta }) => meta.states)) {
        if (!figures.has(name)) figures.set(name, { rows: 0, sizeBytes: 0, isExact: true });
      }
      for (const [name, figure] of figures) figures.set(name, addFigures(figure, blocksByFile(readers, name)));
    });
  }
  return figures;
}

function addFigures(figure: StateFigures, files: readonly StateBlocks[]): StateFigures {
  const blocks = files.flatMap((file) => file.blocks);
  const layers = new Set(files.flatMap((file, i) => file.blocks.map(({ layer }) => `${i}/${layer}`)));
  return {
    rows: figure.rows + blocks.reduce((sum, block) => sum + block.rows, 0),
    sizeBytes: figure.sizeBytes + blocks.reduce((sum, block) => sum + block.sizeBytes, 0),
    isExact:
      figure.isExact &&
      files.every(({ description }) => description.parts !== true) &&
      layers.size <= 1 &&
      blocks.every(({ operation }) => operation === RowOperation.Put),
  };
}

/**
 * The entries of one keyed state (or of the timers under a name), by key group.
 * @throws STATE_FILE_MISSING, STATE_FILE_CORRUPT
 */
export async function* readKeyedState(
  handles: readonly KeyedStateHandle[],
  stateName: string,
): AsyncGenerator<KeyedStateEntry> {
  for (const handle of handles) {
    const readers = await openReaders(handle);
    try {
      const files = blocksByFile(readers, stateName);
      const keyGroups = new Set(files.flatMap(({ blocks }) => blocks.map(({ keyGroup }) => keyGroup)));
      for (const keyGroup of [...keyGroups].sort((a, b) => a - b)) yield* await entriesOfGroup(files, keyGroup);
    } finally {
      await closeAll(readers);
    }
  }
}

/** The elements of one operator state of one subtask. @throws STATE_FILE_MISSING, STATE_FILE_CORRUPT */
export async function* readOperatorState(
  handles: readonly OperatorStateHandle[],
  stateName: string,
): AsyncGenerator<OperatorStateElement> {
  let index = 0;
  for (const handle of handles) {
    const entry = handle.entries.find(({ name }) => name === stateName);
    if (entry === undefined || entry.offsets.length === 0) continue;
    const description = handle.states.find(({ name }) => name === stateName);
    const serializer = createSerializer(description && parseTypeDescription(description.serializer));
    const input = new ByteReader(await readWhole(handle));
    for (const offset of entry.offsets) {
      input.pos = offset;
      yield { index: index++, value: serializer.read(input) };
    }
  }
}

interface StateBlocks {
  readonly reader: StateFileReader;
  readonly description: StateFileState;
  /** In the order in which they apply. */
  readonly blocks: readonly BlockInfo[];
}

/** Blocks of one state in each file, from the last file on that has it completely (state-file-format F4). */
function blocksByFile(readers: readonly StateFileReader[], stateName: string): StateBlocks[] {
  const found = readers.flatMap((reader) => {
    const state = reader.meta.states.find(({ name }) => name === stateName);
    if (state === undefined) return [];
    const own = reader.blocks.filter(({ stateId }) => stateId === state.id);
    const blocks = own.sort((a, b) => a.layer - b.layer || a.offset - b.offset);
    return [{ reader, description: state, blocks, complete: state.complete }];
  });
  const from = found.findLastIndex(({ complete }) => complete);
  return found.slice(Math.max(0, from));
}

async function entriesOfGroup(files: readonly StateBlocks[], keyGroup: number): Promise<KeyedStateEntry[]> {
  const rows: Rows = new Map();
  for (const { reader, description, blocks } of files) {
    const decoder = new RowDecoder(reader, description, rows);
    const wanted = blocks.filter((block) => block.keyGroup === keyGroup);
    await reader.readBlocks(wanted, (block, bytes) => decoder.apply(block, bytes));
  }
  const schema = files[0] && schemaOfDescription(files[0].description);
  return [...rows.values()].map(({ key, namespace, parts }) => {
    const cell = joinParts(schema!.kind, (part) => parts.get(part));
    return { keyGroup, key, namespace, ...contentOf(schema!, cell) };
  });
}

/** What is known of a key in a namespace: its cell, or the parts of it. */
interface Row {
  readonly key: unknown;
  readonly namespace: unknown;
  readonly parts: Map<number, unknown>;
}

/** By the bytes of key and namespace. */
type Rows = Map<string, Row>;

/** Decodes with the serializers that wrote the rows. */
class RowDecoder {
  readonly #fileName: string;
  readonly #isTimers: boolean;
  readonly #keys: Serializer;
  readonly #serializers: StateSerializers;
  readonly #rows: Rows;

  constructor(reader: StateFileReader, description: StateFileState, rows: Rows) {
    this.#fileName = reader.name;
    this.#isTimers = description.kind === 'timers';
    this.#keys = createSerializer(parseTypeDescription(reader.meta.keySerializer));
    this.#serializers = rowSerializers(description);
    this.#rows = rows;
  }

  apply(block: BlockInfo, bytes: Uint8Array): void {
    const input = new ByteReader(bytes);
    try {
      for (let row = 0; row < block.rows; row++) this.#applyRow(block, bytes, input);
    } catch (error) {
      if (error instanceof AppError && error.code !== 'SERIALIZED_DATA_INVALID') throw error;
      const what = `key group ${block.keyGroup} cannot be decoded: ${toError(error).message}`;
      throw damaged(this.#fileName, what, error);
    }
  }

  #applyRow({ operation }: BlockInfo, bytes: Uint8Array, input: ByteReader): void {
    const { serializer, namespaceSerializer, hasParts } = this.#serializers;
    const start = input.pos;
    const key = this.#keys.read(input);
    const place = namespaceSerializer?.read(input);
    const isPart = place instanceof PartNamespace;
    const part = isPart ? place.part : 0;
    const namespaceEnd = input.pos - (hasParts ? PART_NUMBER_BYTES : 0);
    const isPut = operation === RowOperation.Put;
    const cell = isPut ? serializer.read(input) : undefined;
    // A key may have many timers in a namespace: there the time is part of what tells rows apart.
    const end = this.#isTimers ? input.pos : namespaceEnd;
    const identity = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    const row = this.#rows.get(identity);
    if (!isPut) {
      if (row?.parts.delete(part) && row.parts.size === 0) this.#rows.delete(identity);
    } else if (row === undefined) {
      this.#rows.set(identity, { key, namespace: isPart ? place.namespace : place, parts: new Map([[part, cell]]) });
    } else {
      row.parts.set(part, cell);
    }
  }
}

function contentOf({ kind, ttlMs }: StateSchema, cell: unknown): Pick<KeyedStateEntry, 'value' | 'writtenMs'> {
  if (ttlMs === undefined) return { value: cell };
  const { value, stamps } = withoutStamps(kind, cell);
  return stamps.length === 0 ? { value } : { value, writtenMs: stamps.reduce((a, b) => Math.max(a, b)) };
}

function withoutStamps(
  kind: StateSchema['kind'],
  cell: unknown,
): { readonly value: unknown; readonly stamps: readonly number[] } {
  if (kind === 'list') {
    const items = cell as readonly TtlValue[];
    return { value: items.map(({ v }) => v), stamps: items.map(({ t }) => t) };
  }
  if (kind === 'map') {
    const items = [...(cell as ReadonlyMap<unknown, TtlValue>)];
    return { value: new Map(items.map(([key, { v }]) => [key, v])), stamps: items.map(([, { t }]) => t) };
  }
  const { t, v } = cell as TtlValue;
  return { value: v, stamps: [t] };
}

async function withReaders(
  handle: KeyedStateHandle,
  use: (readers: readonly StateFileReader[]) => Promise<void>,
): Promise<void> {
  const readers = await openReaders(handle);
  try {
    await use(readers);
  } finally {
    await closeAll(readers);
  }
}

async function openReaders(handle: KeyedStateHandle): Promise<StateFileReader[]> {
  const readers: StateFileReader[] = [];
  try {
    for (const file of handle.files) readers.push(await StateFileReader.open(file, handle.directories));
    return readers;
  } catch (error) {
    await closeAll(readers);
    throw error;
  }
}

async function closeAll(readers: readonly StateFileReader[]): Promise<void> {
  for (const reader of readers) await reader.close();
}

async function readWhole({ file, directories }: OperatorStateHandle): Promise<Uint8Array> {
  const source = await openStateBytes(file, directories);
  try {
    return await source.read(0, source.sizeBytes);
  } finally {
    await source.close();
  }
}
