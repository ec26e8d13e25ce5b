// State as users see it: descriptors name and type it, handles read and write it for the current key.
import { type TimeLike, toMilliseconds } from './time.ts';
import type { TypeInformation } from './type-information.ts';

export interface ValueState<T> {
  value(): T | undefined;
  update(value: T): void;
  clear(): void;
}

export interface ListState<T> {
  get(): T[];
  add(value: T): void;
  addAll(values: Iterable<T>): void;
  update(values: Iterable<T>): void;
  clear(): void;
}

export interface MapState<K, V> {
  get(key: K): V | undefined;
  put(key: K, value: V): void;
  putAll(entries: Iterable<readonly [K, V]>): void;
  remove(key: K): void;
  contains(key: K): boolean;
  isEmpty(): boolean;
  entries(): IterableIterator<[K, V]>;
  keys(): IterableIterator<K>;
  values(): IterableIterator<V>;
  clear(): void;
}

export interface ReducingState<T> {
  get(): T | undefined;
  add(value: T): void;
  clear(): void;
}

export interface AggregatingState<I, O> {
  get(): O | undefined;
  add(value: I): void;
  clear(): void;
}

export interface BroadcastState<K, V> extends ReadOnlyBroadcastState<K, V> {
  put(key: K, value: V): void;
  putAll(entries: Iterable<readonly [K, V]>): void;
  remove(key: K): void;
  clear(): void;
}

export interface ReadOnlyBroadcastState<K, V> {
  get(key: K): V | undefined;
  contains(key: K): boolean;
  entries(): IterableIterator<[K, V]>;
}

export type ReduceFn<T> = (a: T, b: T) => T;

/** Accumulators are state: what a later call is given may be an equal copy of the one that was returned. */
export interface AggregateFunction<I, A, O> {
  createAccumulator(): A;
  /** May change and return the given accumulator. */
  add(value: I, accumulator: A): A;
  getResult(accumulator: A): O;
  /** Needed by session windows; with it, sliding windows share panes. */
  merge?(a: A, b: A): A;
}

export const StateTtlUpdateType = {
  Disabled: 'Disabled',
  OnCreateAndWrite: 'OnCreateAndWrite',
  OnReadAndWrite: 'OnReadAndWrite',
} as const;
export type StateTtlUpdateType = (typeof StateTtlUpdateType)[keyof typeof StateTtlUpdateType];

export const StateVisibility = {
  NeverReturnExpired: 'NeverReturnExpired',
  ReturnExpiredIfNotCleanedUp: 'ReturnExpiredIfNotCleanedUp',
} as const;
export type StateVisibility = (typeof StateVisibility)[keyof typeof StateVisibility];

/** `ttlMs`, `updateType` and `visibility`, as an object or from `StateTtlConfig.newBuilder(ttl)`. */
export interface StateTtlConfig {
  /** Processing-time life of an entry, ms. */
  readonly ttlMs: number;
  readonly updateType: StateTtlUpdateType;
  readonly visibility: StateVisibility;
}

export const StateTtlConfig = {
  UpdateType: StateTtlUpdateType,
  StateVisibility,
  /** @param ttl processing-time life of an entry, at least 1 ms */
  newBuilder: (ttl: TimeLike): StateTtlConfigBuilder => new StateTtlConfigBuilder(ttl),
} as const;

/** Unless told otherwise: renewed by writes, and never returned once expired. @see Apache Flink, StateTtlConfig.Builder */
export class StateTtlConfigBuilder {
  readonly #ttlMs: number;
  #updateType: StateTtlUpdateType = StateTtlUpdateType.OnCreateAndWrite;
  #visibility: StateVisibility = StateVisibility.NeverReturnExpired;

  constructor(ttl: TimeLike) {
    this.#ttlMs = toMilliseconds(ttl, 'Time to live', 1);
  }

  setUpdateType(updateType: StateTtlUpdateType): this {
    this.#updateType = updateType;
    return this;
  }

  updateTtlOnCreateAndWrite(): this {
    return this.setUpdateType(StateTtlUpdateType.OnCreateAndWrite);
  }

  updateTtlOnReadAndWrite(): this {
    return this.setUpdateType(StateTtlUpdateType.OnReadAndWrite);
  }

  setStateVisibility(visibility: StateVisibility): this {
    this.#visibility = visibility;
    return this;
  }

  returnExpiredIfNotCleanedUp(): this {
    return this.setStateVisibility(StateVisibility.ReturnExpiredIfNotCleanedUp);
  }

  neverReturnExpired(): this {
    return this.setStateVisibility(StateVisibility.NeverReturnExpired);
  }

  build(): StateTtlConfig {
    return { ttlMs: this.#ttlMs, updateType: this.#updateType, visibility: this.#visibility };
  }
}

interface StateDescriptorBase {
  readonly name: string;
  ttl?: StateTtlConfig | undefined;
}

export type StateDescriptor =
  | ValueStateDescriptor<unknown>
  | ListStateDescriptor<unknown>
  | MapStateDescriptor<unknown, unknown>
  | ReducingStateDescriptor<unknown>
  | AggregatingStateDescriptor<unknown, unknown, unknown>;

export class ValueStateDescriptor<T> implements StateDescriptorBase {
  readonly kind = 'value';
  readonly name: string;
  readonly type: TypeInformation<T> | undefined;
  ttl?: StateTtlConfig | undefined;

  constructor(name: string, type?: TypeInformation<T>) {
    this.name = name;
    this.type = type;
  }

  enableTimeToLive(ttl: StateTtlConfig): this {
    this.ttl = ttl;
    return this;
  }
}

export class ListStateDescriptor<T> implements StateDescriptorBase {
  readonly kind = 'list';
  readonly name: string;
  readonly elementType: TypeInformation<T> | undefined;
  ttl?: StateTtlConfig | undefined;

  constructor(name: string, elementType?: TypeInformation<T>) {
    this.name = name;
    this.elementType = elementType;
  }

  enableTimeToLive(ttl: StateTtlConfig): this {
    this.ttl = ttl;
    return this;
  }
}

export class MapStateDescriptor<K, V> implements StateDescriptorBase {
  readonly kind = 'map';
  readonly name: string;
  readonly keyType: TypeInformation<K> | undefined;
  readonly valueType: TypeInformation<V> | undefined;
  ttl?: StateTtlConfig | undefined;

  constructor(name: string, keyType?: TypeInformation<K>, valueType?: TypeInformation<V>) {
    this.name = name;
    this.keyType = keyType;
    this.valueType = valueType;
  }

  enableTimeToLive(ttl: StateTtlConfig): this {
    this.ttl = ttl;
    return this;
  }
}

export class ReducingStateDescriptor<T> implements StateDescriptorBase {
  readonly kind = 'reducing';
  readonly name: string;
  readonly reduce: ReduceFn<T>;
  readonly type: TypeInformation<T> | undefined;
  ttl?: StateTtlConfig | undefined;

  constructor(name: string, reduce: ReduceFn<T>, type?: TypeInformation<T>) {
    this.name = name;
    this.reduce = reduce;
    this.type = type;
  }

  enableTimeToLive(ttl: StateTtlConfig): this {
    this.ttl = ttl;
    return this;
  }
}

export class AggregatingStateDescriptor<I, A, O> implements StateDescriptorBase {
  readonly kind = 'aggregating';
  readonly name: string;
  readonly aggregate: AggregateFunction<I, A, O>;
  readonly accumulatorType: TypeInformation<A> | undefined;
  ttl?: StateTtlConfig | undefined;

  constructor(name: string, aggregate: AggregateFunction<I, A, O>, accumulatorType?: TypeInformation<A>) {
    this.name = name;
    this.aggregate = aggregate;
    this.accumulatorType = accumulatorType;
  }

  enableTimeToLive(ttl: StateTtlConfig): this {
    this.ttl = ttl;
    return this;
  }
}

/** Operator (non-keyed) state; how it is redistributed is in the method's name. */
export interface OperatorStateStore {
  /** Split: elements are dealt out round-robin over the new subtasks. */
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  /** Union: every subtask gets all elements. */
  getUnionListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>;
  /** The same on every subtask. */
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>;
}
