// Operator state of one subtask, in memory. Elements are serialized at the barrier (they are few), written afterwards.
//   O1. A split list is saved element by element, so that a restore can deal the elements out anew; whoever assigns state to
//       subtasks hands each one handles whose `offsets` hold just its share. Union handles go to all, broadcast to each.
//   O2. Restored states that the program does not ask for are kept and saved again.
import type { ListState, ListStateDescriptor, MapStateDescriptor } from '../../api/state.ts';
import { type TypeInformation, Types } from '../../api/type-information.ts';
import { crc32 } from '../../checkpoint/crc32.ts';
import type { StateFileFactory } from '../../checkpoint/state-file-factory.ts';
import { damaged, openStateBytes } from '../../checkpoint/state-file-reader.ts';
import type { OperatorStateEntry, OperatorStateHandle } from '../../checkpoint/state-handles.ts';
import { AppError, appError, toError } from '../../errors.ts';
import {
  ByteReader,
  ByteWriter,
  createSerializer,
  describeType,
  parseTypeDescription,
  SERIALIZER_VERSION,
  type Serializer,
} from '../../serialization/index.ts';
import type { StateDescription } from '../keyed-state-backend.ts';
import type { OperatorStateBackend } from '../operator-state-backend.ts';
import { isReadableAs } from '../state-schema.ts';
import { OperatorBroadcastState } from './operator-broadcast-state.ts';
import { OperatorListState } from './operator-list-state.ts';

type Mode = OperatorStateEntry['mode'];

interface RegisteredOperatorState {
  readonly name: string;
  readonly mode: Mode;
  /** Of an element, or of the whole broadcast map. */
  type: TypeInformation;
  serializer: Serializer;
  readonly content: OperatorListState<unknown> | OperatorBroadcastState<unknown, unknown>;
}

const KIND_OF_MODE = { split: 'operator-list', union: 'operator-union', broadcast: 'broadcast' } as const;

export class HeapOperatorStateBackend implements OperatorStateBackend {
  readonly #states = new Map<string, RegisteredOperatorState>();

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#claim(descriptor.name, 'split', descriptor.elementType).content as OperatorListState<T>;
  }

  getUnionListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#claim(descriptor.name, 'union', descriptor.elementType).content as OperatorListState<T>;
  }

  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): OperatorBroadcastState<K, V> {
    const type = Types.map(descriptor.keyType ?? Types.generic(), descriptor.valueType ?? Types.generic());
    return this.#claim(descriptor.name, 'broadcast', type).content as OperatorBroadcastState<K, V>;
  }

  async restore(handles: readonly OperatorStateHandle[]): Promise<void> {
    for (const handle of handles) {
      const input = new ByteReader(await readChecked(handle));
      for (const entry of handle.entries) this.#restoreEntry(handle, entry, input);
    }
  }

  async snapshot(_checkpointId: number, files: StateFileFactory): Promise<OperatorStateHandle | undefined> {
    if (this.#states.size === 0) return undefined;
    // Up to the first await this is the synchronous part.
    const out = new ByteWriter(1024);
    const entries = [...this.#states.values()].map((state) => writeState(state, out));
    const states = this.describeStates();
    const writer = files.create('exclusive');
    writer.write(out.toBytes());
    return { file: await writer.close(), entries, states };
  }

  describeStates(): readonly StateDescription[] {
    return [...this.#states.values()].map((state) => ({
      name: state.name,
      kind: KIND_OF_MODE[state.mode],
      serializer: describeType(state.type),
      serializerVersion: SERIALIZER_VERSION,
    }));
  }

  #claim(name: string, mode: Mode, declared: TypeInformation | undefined): RegisteredOperatorState {
    const type = declared ?? Types.generic();
    const state = this.#register(name, mode, type);
    if (!isReadableAs(state.type, type)) {
      throw appError('STATE_TYPE_CHANGED', [name, describeType(state.type), describeType(type)]);
    }
    state.type = type;
    state.serializer = createSerializer(type);
    return state;
  }

  #register(name: string, mode: Mode, type: TypeInformation): RegisteredOperatorState {
    let state = this.#states.get(name);
    if (state !== undefined && state.mode !== mode) {
      throw appError('STATE_KIND_CHANGED', [name, KIND_OF_MODE[state.mode], KIND_OF_MODE[mode]]);
    }
    if (state === undefined) {
      const content =
        mode === 'broadcast' ? new OperatorBroadcastState<unknown, unknown>() : new OperatorListState<unknown>();
      state = { name, mode, type, serializer: createSerializer(type), content };
      this.#states.set(name, state);
    }
    return state;
  }

  #restoreEntry(handle: OperatorStateHandle, entry: OperatorStateEntry, input: ByteReader): void {
    const description = handle.states.find((state) => state.name === entry.name);
    const type = description === undefined ? Types.generic() : parseTypeDescription(description.serializer);
    const state = this.#register(entry.name, entry.mode, type);
    const serializer = createSerializer(type);
    for (const offset of entry.offsets) {
      const value = readElement(handle, serializer, input, offset);
      if (state.content instanceof OperatorBroadcastState) state.content.replace(value as Map<unknown, unknown>);
      else state.content.add(value);
    }
  }
}

function writeState({ name, mode, serializer, content }: RegisteredOperatorState, out: ByteWriter): OperatorStateEntry {
  const elements = content instanceof OperatorBroadcastState ? [content.content] : content.get();
  const offsets: number[] = [];
  for (const element of elements) {
    offsets.push(out.pos);
    serializer.write(out, element);
  }
  return { name, mode, offsets };
}

async function readChecked(handle: OperatorStateHandle): Promise<Uint8Array> {
  const source = await openStateBytes(handle.file, handle.directories);
  try {
    const bytes = await source.read(0, source.sizeBytes);
    if (crc32(bytes) !== handle.file.crc32) throw damaged(source.name, 'its checksum is wrong');
    return bytes;
  } finally {
    await source.close();
  }
}

function readElement(handle: OperatorStateHandle, serializer: Serializer, input: ByteReader, offset: number): unknown {
  try {
    input.pos = offset;
    return serializer.read(input);
  } catch (error) {
    if (error instanceof AppError && error.code !== 'SERIALIZED_DATA_INVALID') throw error;
    const { location } = handle.file;
    const name = location.kind === 'inline' ? 'inline state' : location.path;
    throw damaged(name, `the element at byte ${offset} cannot be decoded: ${toError(error).message}`, error);
  }
}
