// The states of one backend by name: their schema, serializers and tables; registered by the program or found in a checkpoint.
// States that were restored but not asked for are kept and saved again.
import { appError } from '../errors.ts';
import { createSerializer, type Serializer } from '../serialization/index.ts';
import type { CellTable, SnapshotCursor } from './cells.ts';
import type { CellSink } from './key-context.ts';
import type { StateDescription } from './keyed-state-backend.ts';
import { checkCompatible, createCellSerializer, describeSchema, type StateSchema } from './state-schema.ts';
import { TimerQueue } from './timers/timer-queue.ts';

/** A table that snapshots can walk. */
export interface SnapshotTable {
  readonly id: number;
  createCursor(run: CellSink): SnapshotCursor;
}

export interface StateSerializers {
  serializer: Serializer;
  namespaceSerializer: Serializer | undefined;
  /** Rows are parts of values (see parts.ts). */
  readonly hasParts: boolean;
}

export interface RegisteredState<T extends SnapshotTable> extends StateSerializers {
  readonly id: number;
  schema: StateSchema;
  /** A CellTable, or a TimerQueue for kind 'timers'. */
  readonly table: T | TimerQueue;
  /** True once the program asked for it. */
  isClaimed: boolean;
  /** Cells that need not be saved: expired ones. */
  isExpired: ((value: unknown) => boolean) | undefined;
}

export interface TableFactory<T> {
  createSerializers(schema: StateSchema): StateSerializers;
  createTable(id: number, schema: StateSchema): T;
  createTimerQueue(id: number): TimerQueue;
}

export class KeyedStateRegistry<T extends SnapshotTable & CellTable> {
  readonly #factory: TableFactory<T>;
  readonly #byName = new Map<string, RegisteredState<T>>();
  readonly #byId: RegisteredState<T>[] = [];

  constructor(factory: TableFactory<T>) {
    this.#factory = factory;
  }

  get states(): readonly RegisteredState<T>[] {
    return this.#byId;
  }

  /** The state of the program's schema; restored content is taken over when it fits. */
  claim(schema: StateSchema): RegisteredState<T> {
    const present = this.#byName.get(schema.name) ?? this.add(schema);
    if (present.schema !== schema) {
      checkCompatible(present.schema, schema);
      if (!present.isClaimed) this.#adopt(present, schema);
    }
    present.isClaimed = true;
    return present;
  }

  /** The state as a file describes it; several files may describe the same one. */
  restore(schema: StateSchema): RegisteredState<T> {
    const present = this.#byName.get(schema.name);
    if (present === undefined) return this.add(schema);
    checkCompatible(schema, present.schema);
    return present;
  }

  describe(): StateDescription[] {
    return this.#byId.map((state) => describeSchema(state.schema));
  }

  byId(id: number): RegisteredState<T> {
    return this.#byId[id]!;
  }

  find(name: string): RegisteredState<T> | undefined {
    return this.#byName.get(name);
  }

  add(schema: StateSchema): RegisteredState<T> {
    const id = this.#byId.length;
    const isTimers = schema.kind === 'timers';
    const state: RegisteredState<T> = {
      id,
      schema,
      ...this.#factory.createSerializers(schema),
      table: isTimers ? this.#factory.createTimerQueue(id) : this.#factory.createTable(id, schema),
      isClaimed: false,
      isExpired: undefined,
    };
    this.#byId.push(state);
    this.#byName.set(schema.name, state);
    return state;
  }

  /** From now on the state is saved as the program declares it. */
  #adopt(state: RegisteredState<T>, schema: StateSchema): void {
    state.schema = schema;
    Object.assign(state, this.#factory.createSerializers(schema));
  }
}

/** Serializers of a state whose rows are whole values. */
export function createWholeSerializers(schema: StateSchema): StateSerializers {
  return {
    hasParts: false,
    serializer: createCellSerializer(schema),
    namespaceSerializer: schema.namespaceType === undefined ? undefined : createSerializer(schema.namespaceType),
  };
}

/** The table of a state that is not timers. */
export function cellTableOf<T extends SnapshotTable & CellTable>(state: RegisteredState<T>): T {
  if (state.table instanceof TimerQueue)
    throw appError('STATE_KIND_CHANGED', [state.schema.name, 'timers', state.schema.kind]);
  return state.table;
}
