// What a window holds, per key: all elements, one reduced value, one accumulator, or (with an evictor) elements with times.
import {
  type AggregatingState,
  AggregatingStateDescriptor,
  type ListState,
  ListStateDescriptor,
  type ReducingState,
  ReducingStateDescriptor,
} from '../../../api/state.ts';
import type { TypeInformation } from '../../../api/type-information.ts';
import type { Evictor, EvictorContext, TimestampedValue } from '../../../api/windows/evictor.ts';
import type { Window } from '../../../api/windows/window.ts';
import type { WindowContents as ContentsSpec, WindowSpec } from '../../../graph/operator-spec.ts';
import type { KeyedStateBackend, MergingState } from '../../../state/keyed-state-backend.ts';

/** Flink's name of this state (WindowOperator). */
const STATE_NAME = 'window-contents';

export type EmitElements = (elements: readonly unknown[]) => void;

/** All of the current key; the namespace is chosen on `state`. */
export interface WindowContents {
  readonly state: MergingState & { clear(): void };
  add(value: unknown, timestampMs: number): void;
  /** Hands the window function's elements to `emit`; not at all when the window is empty. */
  fire(window: Window, emit: EmitElements): void;
}

export interface ContentsOptions {
  readonly spec: WindowSpec;
  readonly backend: KeyedStateBackend;
  readonly namespaceType: TypeInformation;
  readonly elementType: TypeInformation | undefined;
  readonly evictorContext: EvictorContext;
}

export function createWindowContents(options: ContentsOptions): WindowContents {
  const { spec, backend, elementType } = options;
  const { contents } = spec;
  const keyed = { namespaceType: options.namespaceType };
  if (spec.evictor !== undefined) return createEvictingContents(options, spec.evictor);
  switch (contents.kind) {
    case 'elements':
      return listContents(backend.getListState(new ListStateDescriptor(STATE_NAME, elementType), keyed));
    case 'reduce':
      return reducedContents(
        backend.getReducingState(new ReducingStateDescriptor(STATE_NAME, contents.fn, elementType), keyed),
      );
    case 'aggregate':
      return reducedContents(
        backend.getAggregatingState(
          new AggregatingStateDescriptor(STATE_NAME, contents.aggregate, contents.accumulatorType),
          keyed,
        ),
      );
  }
}

function listContents(state: ListState<unknown> & MergingState): WindowContents {
  return {
    state,
    add: (value) => state.add(value),
    fire(_window, emit) {
      const elements = state.get();
      if (elements.length > 0) emit(elements);
    },
  };
}

function reducedContents(
  state: (ReducingState<unknown> | AggregatingState<unknown, unknown>) & MergingState,
): WindowContents {
  return {
    state,
    add: (value) => state.add(value),
    fire(_window, emit) {
      const result = state.get();
      if (result !== undefined) emit([result]);
    },
  };
}

function createEvictingContents(options: ContentsOptions, evictor: Evictor<unknown, Window>): WindowContents {
  const descriptor = new ListStateDescriptor<TimestampedValue<unknown>>(STATE_NAME);
  const state = options.backend.getListState(descriptor, { namespaceType: options.namespaceType });
  const { evictorContext } = options;
  return {
    state,
    add: (value, timestampMs) => state.add({ value, timestampMs }),
    fire(window, emit) {
      const all = state.get();
      if (all.length === 0) return;
      const kept = evictor.evictBefore(all, window, evictorContext);
      const result = summarize(options.spec.contents, kept);
      if (result !== undefined) emit(result);
      state.update(evictor.evictAfter(kept, window, evictorContext));
    },
  };
}

/** @returns undefined: nothing to emit, a reduce over no element */
function summarize(contents: ContentsSpec, kept: readonly TimestampedValue<unknown>[]): readonly unknown[] | undefined {
  const values = kept.map((element) => element.value);
  switch (contents.kind) {
    case 'elements':
      return values;
    case 'reduce':
      return values.length === 0 ? undefined : [values.reduce(contents.fn)];
    case 'aggregate': {
      const { aggregate } = contents;
      const add = (accumulator: unknown, value: unknown): unknown => aggregate.add(value, accumulator);
      return [aggregate.getResult(values.reduce(add, aggregate.createAccumulator()))];
    }
  }
}
