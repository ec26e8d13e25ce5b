// What an operator is, as data: api/ writes it, runtime/operators/ builds the operator from it. One member per operator kind.
// Functions are already normalised by api/: `fn` members are callable, `rich` is the object whose life cycle is run.
// Keys, input types and output type stand on the ChainedOperator, not here.
import type { AsyncFunction, ResultFuture } from '../api/async-function.ts';
import type { Collector, RichFunctionLifecycle } from '../api/functions.ts';
import type {
  BroadcastContext,
  BroadcastOnTimerContext,
  IntervalJoinContext,
  KeyedBroadcastContext,
  KeyedProcessContext,
  KeyedReadOnlyBroadcastContext,
  OnTimerContext,
  ProcessContext,
  ReadOnlyBroadcastContext,
  SinkContext,
  WindowContext,
} from '../api/process-context.ts';
import type { Source, SourceFunction } from '../api/source.ts';
import type { AggregateFunction, MapStateDescriptor } from '../api/state.ts';
import type { TypeInformation } from '../api/type-information.ts';
import type { WatermarkSpec } from '../api/watermark.ts';
import type { Evictor } from '../api/windows/evictor.ts';
import type { Trigger } from '../api/windows/trigger.ts';
import type { Window } from '../api/windows/window.ts';
import type { WindowAssigner } from '../api/windows/window-assigner.ts';
import type { OperatorContext, StreamOperator } from '../runtime/operators/stream-operator.ts';
import type { BatchOperatorSpec } from './batch/batch-operator-spec.ts';

/** The object behind a function, when it has one: its open/close, CheckpointedFunction and CheckpointListener members are called. */
export interface UserFunctionRef {
  readonly rich?: RichFunctionLifecycle | undefined;
}

type Out = Collector<unknown>;

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
  readonly fn: (value: unknown, out: Out) => void;
}

/** Rolling reduce over a keyed stream (also sum, min, max, minBy, maxBy). */
export interface KeyedReduceSpec extends UserFunctionRef {
  readonly kind: 'keyedReduce';
  readonly fn: (a: unknown, b: unknown) => unknown;
  /** A sum over records of a key and a number: the state need only hold the number. */
  readonly pairSum?: PairSum | undefined;
}

/** Records are rows or tuples of exactly two fields: the stream's key and the number that is summed. */
export interface PairSum {
  readonly keyField: string | number;
  readonly sumField: string | number;
}

/** A source with one run() loop per subtask. */
export interface SourceFunctionSpec extends UserFunctionRef {
  readonly kind: 'sourceFunction';
  readonly source: SourceFunction<unknown>;
}

/** A source of splits and readers. `watermarks` run inside the source operator; undefined: the reader emits its own or none. */
export interface SplitSourceSpec extends UserFunctionRef {
  readonly kind: 'splitSource';
  readonly source: Source<unknown, unknown>;
  readonly watermarks: WatermarkSpec<unknown> | undefined;
}

/** Keyed when inputKeys[0] is there; timers and key only then. */
export interface ProcessSpec extends UserFunctionRef {
  readonly kind: 'process';
  readonly keyed: boolean;
  readonly fn: (value: unknown, context: ProcessContext & KeyedProcessContext<unknown>, out: Out) => void;
  readonly onTimer: ((timestampMs: number, context: OnTimerContext<unknown>, out: Out) => void) | undefined;
}

export interface TimestampsAndWatermarksSpec extends UserFunctionRef {
  readonly kind: 'timestampsAndWatermarks';
  readonly watermarks: WatermarkSpec<unknown>;
}

/** What a window keeps of its elements. With an evictor all elements are kept and `contents` is computed at firing. */
export type WindowContents =
  | { readonly kind: 'elements' }
  | { readonly kind: 'reduce'; readonly fn: (a: unknown, b: unknown) => unknown }
  | {
      readonly kind: 'aggregate';
      readonly aggregate: AggregateFunction<unknown, unknown, unknown>;
      readonly accumulatorType: TypeInformation | undefined;
      readonly resultType: TypeInformation | undefined;
    };

/**
 * Always keyed: windowAll streams are keyed by a constant and run at parallelism 1.
 * Results carry the timestamp window.maxTimestamp().
 */
export interface WindowSpec extends UserFunctionRef {
  readonly kind: 'window';
  readonly assigner: WindowAssigner<unknown, Window>;
  readonly trigger: Trigger<unknown, Window>;
  readonly evictor: Evictor<unknown, Window> | undefined;
  readonly allowedLatenessMs: number;
  /** Side output of late elements; undefined: dropped and counted (numLateRecordsDropped). */
  readonly lateTag: string | undefined;
  readonly contents: WindowContents;
  /**
   * The window function; `elements` holds all elements, or the one reduced value or aggregate result.
   * Undefined: contents are emitted as they are (reduce and aggregate only).
   */
  readonly fn: WindowFn | undefined;
  /** Called when a window is deleted, for per-window state. */
  readonly clear: ((key: unknown, context: WindowContext<Window>) => void) | undefined;
}

export type WindowFn = (key: unknown, context: WindowContext<Window>, elements: readonly unknown[], out: Out) => void;

/** Two inputs, keyed or not. */
export interface CoMapSpec extends UserFunctionRef {
  readonly kind: 'coMap';
  readonly fn1: (value: unknown) => unknown;
  readonly fn2: (value: unknown) => unknown;
}

export interface CoFlatMapSpec extends UserFunctionRef {
  readonly kind: 'coFlatMap';
  readonly fn1: (value: unknown, out: Out) => void;
  readonly fn2: (value: unknown, out: Out) => void;
}

export interface CoProcessSpec extends UserFunctionRef {
  readonly kind: 'coProcess';
  /** Both inputs keyed: timers and current key are there. */
  readonly keyed: boolean;
  readonly fn1: (value: unknown, context: KeyedProcessContext<unknown>, out: Out) => void;
  readonly fn2: (value: unknown, context: KeyedProcessContext<unknown>, out: Out) => void;
  readonly onTimer: ((timestampMs: number, context: OnTimerContext<unknown>, out: Out) => void) | undefined;
}

/** Input 0: elements (keyed or not); input 1: the broadcast stream, never keyed. */
export interface BroadcastProcessSpec extends UserFunctionRef {
  readonly kind: 'broadcastProcess';
  readonly keyed: boolean;
  readonly broadcastStates: readonly MapStateDescriptor<unknown, unknown>[];
  readonly fn: (
    value: unknown,
    context: ReadOnlyBroadcastContext & KeyedReadOnlyBroadcastContext<unknown>,
    out: Out,
  ) => void;
  readonly broadcastFn: (value: unknown, context: BroadcastContext & KeyedBroadcastContext<unknown>, out: Out) => void;
  readonly onTimer: ((timestampMs: number, context: BroadcastOnTimerContext<unknown>, out: Out) => void) | undefined;
}

/** Two keyed inputs, event time; pairs with right in [left + lowerBoundMs, left + upperBoundMs], both ends inclusive. */
export interface IntervalJoinSpec extends UserFunctionRef {
  readonly kind: 'intervalJoin';
  readonly lowerBoundMs: number;
  readonly upperBoundMs: number;
  readonly fn: (left: unknown, right: unknown, context: IntervalJoinContext, out: Out) => void;
  /** Side outputs of late elements; undefined: dropped. */
  readonly leftLateTag: string | undefined;
  readonly rightLateTag: string | undefined;
}

export interface AsyncWaitSpec extends UserFunctionRef {
  readonly kind: 'asyncWait';
  readonly fn: AsyncFunction<unknown, unknown>['asyncInvoke'];
  /** Undefined: a timeout fails the task. */
  readonly onTimeout: ((value: unknown, resultFuture: ResultFuture<unknown>) => void) | undefined;
  /** Unordered: results overtake each other, never a watermark. */
  readonly outputMode: 'ordered' | 'unordered';
  /** Processing time; 0: no timeout. */
  readonly timeoutMs: number;
  /** Elements in flight at most, 1 or more; a full queue is back-pressure. */
  readonly capacity: number;
}

/** A returned promise suspends the task until it settles. */
export interface SinkSpec extends UserFunctionRef {
  readonly kind: 'sink';
  readonly fn: (value: unknown, context: SinkContext) => void | Promise<void>;
  /** End of input: write what is left. */
  readonly finish: (() => void | Promise<void>) | undefined;
}

/** Lines of the process: "identifier:subtask> value", the prefix only where Flink prints one. */
export interface PrintSinkSpec extends UserFunctionRef {
  readonly kind: 'print';
  readonly stream: 'stdout' | 'stderr';
  readonly identifier: string;
}

/** Hands records to the driver: executeAndCollect. */
export interface CollectSinkSpec extends UserFunctionRef {
  readonly kind: 'collect';
  readonly collectId: string;
}

/** An operator of one's own: DataStream.transform. */
export interface CustomOperatorSpec extends UserFunctionRef {
  readonly kind: 'custom';
  readonly createOperator: (context: OperatorContext) => StreamOperator;
}

// Keep this union the only list of kinds.
export type OperatorSpec =
  | MapSpec
  | FilterSpec
  | FlatMapSpec
  | KeyedReduceSpec
  | SourceFunctionSpec
  | SplitSourceSpec
  | ProcessSpec
  | TimestampsAndWatermarksSpec
  | WindowSpec
  | CoMapSpec
  | CoFlatMapSpec
  | CoProcessSpec
  | BroadcastProcessSpec
  | IntervalJoinSpec
  | AsyncWaitSpec
  | SinkSpec
  | PrintSinkSpec
  | CollectSinkSpec
  | CustomOperatorSpec
  | BatchOperatorSpec;

export type OperatorKind = OperatorSpec['kind'];
