// The contexts of broadcast process functions: read-only for elements and timers, writable for the broadcast side.

import type { RuntimeContext } from '../../../api/functions.ts';
import type { OutputTag } from '../../../api/output-tag.ts';
import type {
  BroadcastContext,
  BroadcastOnTimerContext,
  KeyedBroadcastContext,
  StateOf,
} from '../../../api/process-context.ts';
import type {
  BroadcastState,
  MapStateDescriptor,
  ReadOnlyBroadcastState,
  StateDescriptor,
} from '../../../api/state.ts';
import { appError } from '../../../errors.ts';
import { keyedStateOf } from '../keyed-context.ts';
import type { OperatorContext } from '../stream-operator.ts';
import { ProcessFunctionContext } from './process-function-context.ts';

export type BroadcastStates = ReadonlyMap<string, BroadcastState<unknown, unknown>>;

type ReadOnlyStates = ReadonlyMap<string, ReadOnlyBroadcastState<unknown, unknown>>;

export class ElementSideContext extends ProcessFunctionContext implements BroadcastOnTimerContext<unknown> {
  readonly #states: ReadOnlyStates;

  constructor(context: OperatorContext, keyed: boolean, states: BroadcastStates) {
    super(context, keyed);
    this.#states = new Map([...states].map(([name, state]) => [name, toReadOnly(state)]));
  }

  currentProcessingTime(): number {
    return this.context.clock.nowMs();
  }

  currentWatermark(): number {
    return this.context.currentWatermarkMs();
  }

  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): ReadOnlyBroadcastState<K, V> {
    return findState(this.#states, descriptor.name, this.context) as ReadOnlyBroadcastState<K, V>;
  }
}

export class BroadcastSideContext implements BroadcastContext, KeyedBroadcastContext<unknown> {
  readonly #context: OperatorContext;
  readonly #states: BroadcastStates;

  constructor(context: OperatorContext, states: BroadcastStates) {
    this.#context = context;
    this.#states = states;
  }

  timestamp(): number | undefined {
    const { timestampMs } = this.#context.cell;
    return Number.isNaN(timestampMs) ? undefined : timestampMs;
  }

  currentProcessingTime(): number {
    return this.#context.clock.nowMs();
  }

  currentWatermark(): number {
    return this.#context.currentWatermarkMs();
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#context.output.collectSide(tag.id, value);
  }

  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    return findState(this.#states, descriptor.name, this.#context) as BroadcastState<K, V>;
  }

  applyToKeyedState<S extends StateDescriptor>(
    descriptor: S,
    callback: (key: unknown, state: StateOf<S>) => void,
  ): void {
    const backend = keyedStateOf(this.#context);
    const state = openState(this.#context.runtime, descriptor) as StateOf<S>;
    // Keys first: the callback may clear the state it is called for.
    const keys: unknown[] = [];
    backend.forEachKey(descriptor.name, (key) => keys.push(key));
    for (const key of keys) {
      backend.setCurrentKey(key);
      callback(key, state);
    }
  }
}

function toReadOnly(state: BroadcastState<unknown, unknown>): ReadOnlyBroadcastState<unknown, unknown> {
  return { get: (key) => state.get(key), contains: (key) => state.contains(key), entries: () => state.entries() };
}

function findState<S>(states: ReadonlyMap<string, S>, name: string, context: OperatorContext): S {
  const state = states.get(name);
  if (state === undefined) {
    throw appError('BROADCAST_STATE_UNKNOWN', [name, context.operator.name, [...states.keys()].join(', ')]);
  }
  return state;
}

function openState(runtime: RuntimeContext, descriptor: StateDescriptor): unknown {
  switch (descriptor.kind) {
    case 'value':
      return runtime.getState(descriptor);
    case 'list':
      return runtime.getListState(descriptor);
    case 'map':
      return runtime.getMapState(descriptor);
    case 'reducing':
      return runtime.getReducingState(descriptor);
    case 'aggregating':
      return runtime.getAggregatingState(descriptor);
  }
}
