// What an operator is, as data: api/ writes it, runtime/operators/ builds the operator from it. One member per operator kind.
// Functions are already normalised by api/: `fn` members are callable, `rich` is the object whose life cycle is run.
import type { Collector, RichFunctionLifecycle } from '../api/functions.ts';

/** The object behind a function, when it has one: its open/close, CheckpointedFunction and CheckpointListener members are called. */
export interface UserFunctionRef {
  readonly rich?: RichFunctionLifecycle | undefined;
}

export interface MapSpec extends UserFunctionRef {
  readonly kind: 'map';
  readonly fn: (value: unknown) => unknown;
}

export interface FilterSpec extends UserFunctionRef {
  readonly kind: 'filter';
  readonly fn: (value: unknown) => boolean;
}

export interface FlatMapSpec extends UserFunctionRef {
  readonly kind: 'flatMap';
  readonly fn: (value: unknown, out: Collector<unknown>) => void;
}

/** Rolling reduce over a keyed stream (also sum, min, max, minBy, maxBy). */
export interface KeyedReduceSpec extends UserFunctionRef {
  readonly kind: 'keyedReduce';
  readonly fn: (a: unknown, b: unknown) => unknown;
}

// The remaining kinds (sources, process functions, windows, joins, async I/O, sinks, batch) are added by their owners below,
// each with its own interface; keep this union the only list.
export type OperatorSpec = MapSpec | FilterSpec | FlatMapSpec | KeyedReduceSpec;

export type OperatorKind = OperatorSpec['kind'];
