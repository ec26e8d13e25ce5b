// What a pane holds per key and how it is added to, merged and read: one shape for reduce and aggregate.
import { AggregatingStateDescriptor, ReducingStateDescriptor } from '../../../api/state.ts';
import type { TypeInformation } from '../../../api/type-information.ts';
import type { WindowContents } from '../../../graph/operator-spec.ts';
import { tryNumberFields, tryNumberFieldsOf } from '../../../state/number-fields.ts';
import { createAccumulatorCopy } from './copy-accumulator.ts';

/** Its own name: panes are laid out in another way than the contents of the general operator. */
const STATE_NAME = 'window-panes';

export interface PaneAccumulation {
  readonly descriptor: ReducingStateDescriptor<unknown> | AggregatingStateDescriptor<unknown, unknown, unknown>;
  /** JavaScript expression of the next accumulator from `value` and `current` (undefined: none), over `bindings`. */
  readonly addSource: string;
  /** The same as a function, for what is not hot. */
  readonly add: (value: unknown, current: unknown) => unknown;
  readonly bindings: Readonly<Record<string, unknown>>;
  /** Fields of the accumulators when they are rows of numbers. */
  readonly numberFields: readonly string[] | undefined;
  /** The fields were taken from a fresh accumulator: later ones may have others. */
  readonly areFieldsGuessed: boolean;
  /** Undefined: panes cannot be shared between windows. */
  readonly merge: ((a: unknown, b: unknown) => unknown) | undefined;
  readonly copy: (accumulator: unknown) => unknown;
  readonly getResult: (accumulator: unknown) => unknown;
}

/** @returns undefined: all elements are kept, which panes do not do */
export function tryCreateAccumulation(
  contents: WindowContents,
  elementType: TypeInformation | undefined,
): PaneAccumulation | undefined {
  switch (contents.kind) {
    case 'elements':
      return undefined;
    case 'reduce':
      return {
        descriptor: new ReducingStateDescriptor(STATE_NAME, contents.fn, elementType),
        addSource: 'current === undefined ? value : reduce(current, value)',
        add: (value, current) => (current === undefined ? value : contents.fn(current, value)),
        bindings: { reduce: contents.fn },
        numberFields: undefined,
        areFieldsGuessed: false,
        // A reduce function only promises to take elements in order; partial results are no elements of the stream.
        merge: undefined,
        copy: (accumulator) => accumulator,
        getResult: (accumulator) => accumulator,
      };
    case 'aggregate':
      return accumulationOf(contents);
  }
}

function accumulationOf(contents: Extract<WindowContents, { kind: 'aggregate' }>): PaneAccumulation {
  const { aggregate, accumulatorType } = contents;
  const sample = aggregate.merge && aggregate.createAccumulator();
  const declaredFields = tryNumberFields(accumulatorType);
  const isUndeclared = accumulatorType === undefined || accumulatorType.kind === 'generic';
  return {
    descriptor: new AggregatingStateDescriptor(STATE_NAME, aggregate, contents.accumulatorType),
    addSource: 'aggregate.add(value, current === undefined ? aggregate.createAccumulator() : current)',
    add: (value, current) => aggregate.add(value, current === undefined ? aggregate.createAccumulator() : current),
    bindings: { aggregate },
    numberFields: declaredFields ?? (isUndeclared ? tryNumberFieldsOf(sample) : undefined),
    areFieldsGuessed: declaredFields === undefined,
    merge: aggregate.merge && ((a, b) => aggregate.merge!(a, b)),
    copy: aggregate.merge ? createAccumulatorCopy(sample) : (accumulator) => accumulator,
    getResult: (accumulator) => aggregate.getResult(accumulator),
  };
}
