// Reads the handles of an earlier attempt, whatever backend wrote them, and hands each row to the new backend.
import {
  type BlockInfo,
  RowOperation,
  type StateFileMeta,
  type StateFileState,
} from '../checkpoint/state-file-format.ts';
import { damaged, StateFileReader } from '../checkpoint/state-file-reader.ts';
import type { KeyedStateHandle } from '../checkpoint/state-handles.ts';
import { AppError, appError, toError } from '../errors.ts';
import { ByteReader, createSerializer, parseTypeDescription, type Serializer } from '../serialization/index.ts';
import type { KeyGroupRange } from './keyed-state-backend.ts';
import { createWholeSerializers, type StateSerializers } from './keyed-state-registry.ts';
import { createPartSerializers } from './parts.ts';
import { isReadableAs, type StateSchema, schemaOfDescription } from './state-schema.ts';

/** Where restored rows go. */
export interface RestoreTarget {
  readonly keySerializer: Serializer;
  readonly keyGroupRange: KeyGroupRange;
  readonly maxParallelism: number;
  /** @param rows how many rows will follow at most, over all states */
  reserve(rows: number): void;
  /** @param hasParts namespaces and values are parts' (see parts.ts W3) */
  openState(schema: StateSchema, hasParts: boolean): RestoredState;
}

export interface RestoredState {
  put(key: unknown, namespace: unknown, value: unknown): void;
  remove(key: unknown, namespace: unknown): void;
}

interface OpenFile {
  readonly reader: StateFileReader;
  readonly blocks: readonly BlockInfo[];
}

/** @throws STATE_FILE_MISSING, STATE_FILE_CORRUPT, STATE_KEY_TYPE_CHANGED, …: then nothing that was restored may be used */
export async function restoreKeyedState(handles: readonly KeyedStateHandle[], target: RestoreTarget): Promise<void> {
  const files: OpenFile[] = [];
  try {
    // All indexes are checked before the first row is loaded.
    for (const handle of handles) files.push(...(await openHandle(handle, target)));
    let rows = 0;
    for (const { blocks } of files)
      for (const block of blocks) if (block.operation === RowOperation.Put) rows += block.rows;
    target.reserve(rows);
    for (const file of files) await loadFile(file, target);
  } finally {
    for (const { reader } of files) await reader.close();
  }
}

async function openHandle(handle: KeyedStateHandle, target: RestoreTarget): Promise<OpenFile[]> {
  const readers: StateFileReader[] = [];
  try {
    for (const file of handle.files) {
      const reader = await StateFileReader.open(file, handle.directories);
      readers.push(reader);
      checkMeta(reader.meta, target);
    }
  } catch (error) {
    for (const reader of readers) await reader.close();
    throw error;
  }
  return readers.map((reader, i) => ({
    reader,
    blocks: wantedBlocks(reader, readers.slice(i + 1), target.keyGroupRange),
  }));
}

function checkMeta(meta: StateFileMeta, target: RestoreTarget): void {
  const { keySerializer, maxParallelism } = target;
  if (meta.maxParallelism !== maxParallelism) {
    throw appError('MAX_PARALLELISM_CHANGED', [
      'the operator',
      meta.maxParallelism,
      maxParallelism,
      meta.maxParallelism,
    ]);
  }
  if (!isReadableAs(parseTypeDescription(meta.keySerializer), parseTypeDescription(keySerializer.description))) {
    throw appError('STATE_KEY_TYPE_CHANGED', [meta.keySerializer, keySerializer.description]);
  }
}

/** Blocks of the range in the order they must be applied, without states that a later file has completely. */
function wantedBlocks(reader: StateFileReader, later: readonly StateFileReader[], range: KeyGroupRange): BlockInfo[] {
  const replaced = new Set<string>();
  for (const { meta } of later) for (const state of meta.states) if (state.complete) replaced.add(state.name);
  const skipped = new Set(reader.meta.states.filter((state) => replaced.has(state.name)).map((state) => state.id));
  return reader.blocks
    .filter((block) => block.keyGroup >= range.start && block.keyGroup <= range.end && !skipped.has(block.stateId))
    .sort((a, b) => a.layer - b.layer || a.offset - b.offset);
}

async function loadFile({ reader, blocks }: OpenFile, target: RestoreTarget): Promise<void> {
  const loaders = new Map<number, RowLoader>();
  // States without rows are registered, too: the next checkpoint must describe them.
  for (const state of reader.meta.states) loaders.set(state.id, new RowLoader(state, reader.meta, target));
  await reader.readBlocks(blocks, (block, rows) => {
    try {
      loaders.get(block.stateId)!.load(block, rows);
    } catch (error) {
      const isOurs = error instanceof AppError && error.code !== 'SERIALIZED_DATA_INVALID';
      throw isOurs
        ? error
        : damaged(reader.name, `key group ${block.keyGroup} cannot be decoded: ${toError(error).message}`, error);
    }
  });
}

/** Serializers that wrote the rows of a state. */
export function rowSerializers(description: StateFileState): StateSerializers {
  const schema = schemaOfDescription(description);
  return description.parts === true ? createPartSerializers(schema) : createWholeSerializers(schema);
}

/** Decodes with the serializers that wrote the rows, so that it needs nothing of the program. */
class RowLoader {
  readonly #keys: Serializer;
  readonly #namespaces: Serializer | undefined;
  readonly #values: Serializer;
  readonly #state: RestoredState;
  readonly #input = new ByteReader();

  constructor(description: StateFileState, meta: StateFileMeta, target: RestoreTarget) {
    const schema = schemaOfDescription(description);
    this.#keys = createSerializer(parseTypeDescription(meta.keySerializer));
    const { serializer, namespaceSerializer, hasParts } = rowSerializers(description);
    this.#namespaces = namespaceSerializer;
    this.#values = serializer;
    this.#state = target.openState(schema, hasParts);
  }

  load(block: BlockInfo, rows: Uint8Array): void {
    const input = this.#input.wrap(rows);
    for (let row = 0; row < block.rows; row++) {
      const key = this.#keys.read(input);
      const namespace = this.#namespaces?.read(input);
      if (block.operation === RowOperation.Remove) this.#state.remove(key, namespace);
      else this.#state.put(key, namespace, this.#values.read(input));
    }
    if (input.hasMore())
      throw appError('SERIALIZED_DATA_INVALID', [`${input.end - input.pos} bytes are left after ${block.rows} rows`]);
  }
}
