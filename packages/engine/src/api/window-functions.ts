// Functions over the elements of a window. With reduce or aggregate in front, `elements` holds that one result.
import { type Collector, RichFunction, type RichFunctionLifecycle } from './functions.ts';
import type { WindowContext } from './process-context.ts';
import type { Window } from './windows/window.ts';

export interface WindowFunction<I, O, K, W extends Window> extends RichFunctionLifecycle {
  apply(key: K, window: W, elements: readonly I[], out: Collector<O>): void;
}
export type WindowLike<I, O, K, W extends Window> =
  | ((key: K, window: W, elements: readonly I[], out: Collector<O>) => void)
  | WindowFunction<I, O, K, W>;

export abstract class RichWindowFunction<I, O, K, W extends Window>
  extends RichFunction
  implements WindowFunction<I, O, K, W>
{
  abstract apply(key: K, window: W, elements: readonly I[], out: Collector<O>): void;
}

export abstract class ProcessWindowFunction<I, O, K, W extends Window> extends RichFunction {
  abstract process(key: K, context: WindowContext<W>, elements: readonly I[], out: Collector<O>): void;
  /** Deletes per-window state. */
  clear(_context: WindowContext<W>): void {}
}
export type ProcessWindowLike<I, O, K, W extends Window> =
  | ((key: K, context: WindowContext<W>, elements: readonly I[], out: Collector<O>) => void)
  | Pick<ProcessWindowFunction<I, O, K, W>, 'process'>;

export interface AllWindowFunction<I, O, W extends Window> extends RichFunctionLifecycle {
  apply(window: W, elements: readonly I[], out: Collector<O>): void;
}
export type AllWindowLike<I, O, W extends Window> =
  | ((window: W, elements: readonly I[], out: Collector<O>) => void)
  | AllWindowFunction<I, O, W>;

export abstract class RichAllWindowFunction<I, O, W extends Window>
  extends RichFunction
  implements AllWindowFunction<I, O, W>
{
  abstract apply(window: W, elements: readonly I[], out: Collector<O>): void;
}

export abstract class ProcessAllWindowFunction<I, O, W extends Window> extends RichFunction {
  abstract process(context: WindowContext<W>, elements: readonly I[], out: Collector<O>): void;
  clear(_context: WindowContext<W>): void {}
}
export type ProcessAllWindowLike<I, O, W extends Window> =
  | ((context: WindowContext<W>, elements: readonly I[], out: Collector<O>) => void)
  | Pick<ProcessAllWindowFunction<I, O, W>, 'process'>;
