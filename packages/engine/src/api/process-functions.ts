// Functions with access to time, timers and side outputs. Classes to extend; a plain function does where no timer is needed.
import { type Collector, RichFunction } from './functions.ts';
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
} from './process-context.ts';

export abstract class ProcessFunction<I, O> extends RichFunction {
  abstract processElement(value: I, context: ProcessContext, out: Collector<O>): void;
  /** On a keyed stream only. */
  onTimer(_timestampMs: number, _context: OnTimerContext<unknown>, _out: Collector<O>): void {}
}

export abstract class KeyedProcessFunction<K, I, O> extends RichFunction {
  abstract processElement(value: I, context: KeyedProcessContext<K>, out: Collector<O>): void;
  onTimer(_timestampMs: number, _context: OnTimerContext<K>, _out: Collector<O>): void {}
}

export abstract class CoProcessFunction<A, B, O> extends RichFunction {
  abstract processElement1(value: A, context: ProcessContext, out: Collector<O>): void;
  abstract processElement2(value: B, context: ProcessContext, out: Collector<O>): void;
  /** On keyed streams only. */
  onTimer(_timestampMs: number, _context: OnTimerContext<unknown>, _out: Collector<O>): void {}
}

export abstract class KeyedCoProcessFunction<K, A, B, O> extends RichFunction {
  abstract processElement1(value: A, context: KeyedProcessContext<K>, out: Collector<O>): void;
  abstract processElement2(value: B, context: KeyedProcessContext<K>, out: Collector<O>): void;
  onTimer(_timestampMs: number, _context: OnTimerContext<K>, _out: Collector<O>): void {}
}

export abstract class BroadcastProcessFunction<I, B, O> extends RichFunction {
  abstract processElement(value: I, context: ReadOnlyBroadcastContext, out: Collector<O>): void;
  /** Must do the same in every subtask: broadcast state has to stay equal everywhere. */
  abstract processBroadcastElement(value: B, context: BroadcastContext, out: Collector<O>): void;
}

export abstract class KeyedBroadcastProcessFunction<K, I, B, O> extends RichFunction {
  abstract processElement(value: I, context: KeyedReadOnlyBroadcastContext<K>, out: Collector<O>): void;
  abstract processBroadcastElement(value: B, context: KeyedBroadcastContext<K>, out: Collector<O>): void;
  onTimer(_timestampMs: number, _context: BroadcastOnTimerContext<K>, _out: Collector<O>): void {}
}

export abstract class ProcessJoinFunction<A, B, O> extends RichFunction {
  abstract processElement(left: A, right: B, context: IntervalJoinContext, out: Collector<O>): void;
}

/** What DataStream.process takes. */
export type ProcessLike<I, O> =
  | ((value: I, context: ProcessContext, out: Collector<O>) => void)
  | Pick<ProcessFunction<I, O>, 'processElement'>;

/** What KeyedStream.process takes. */
export type KeyedProcessLike<K, I, O> =
  | ((value: I, context: KeyedProcessContext<K>, out: Collector<O>) => void)
  | Pick<KeyedProcessFunction<K, I, O>, 'processElement'>;

export type ProcessJoinLike<A, B, O> =
  | ((left: A, right: B, context: IntervalJoinContext, out: Collector<O>) => void)
  | Pick<ProcessJoinFunction<A, B, O>, 'processElement'>;
