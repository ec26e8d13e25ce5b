// What a harness runs: the last operator of a stream that was built with the DataStream API, or an operator's own spec.
import type { TypeInformation } from '@yeoul/engine';
import type { KeySpec, OperatorSpec, Transformation } from '@yeoul/engine/harness';

/** A DataStream or DataStreamSink, whose last operator is taken with its keys and types. */
export interface BuiltStream {
  getTransformation(): Transformation;
}

export type KeySelectorOfHarness = (value: never) => unknown;

export interface OperatorUnderTest {
  readonly spec: OperatorSpec;
  readonly name: string;
  readonly keys: readonly (KeySpec | undefined)[];
  readonly inputTypes: readonly (TypeInformation | undefined)[];
  readonly outputType: TypeInformation | undefined;
}

/** A function makes the operator anew for each harness: needed where subtasks run side by side and functions have fields. */
export type GivenOperator = OperatorSpec | BuiltStream | (() => OperatorSpec | BuiltStream);

export function toOperatorUnderTest(
  givenOperator: GivenOperator,
  selectors: readonly (KeySelectorOfHarness | undefined)[] = [],
): OperatorUnderTest {
  const given = typeof givenOperator === 'function' ? givenOperator() : givenOperator;
  if ('kind' in given) {
    const keys = selectors.map((selector) => selector && { selector });
    return { spec: given, name: given.kind, keys, inputTypes: [], outputType: undefined };
  }
  const transformation = given.getTransformation();
  if (transformation.kind !== 'operator') {
    throw new TypeError(`The stream ends in a ${transformation.kind}, not in an operator: end it with map, process, …`);
  }
  return {
    spec: transformation.operator,
    name: transformation.name,
    keys: transformation.keys.map((key, input) => {
      const selector = selectors[input];
      return selector === undefined ? key : { selector };
    }),
    inputTypes: transformation.inputs.map((input) => input.outputType),
    outputType: transformation.outputType,
  };
}
