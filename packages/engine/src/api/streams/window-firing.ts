// Window functions of all four kinds as the one form that the operator calls.
import type { WindowFn } from '../../graph/operator-spec.ts';
import { bindFunction, bindOptional } from '../function-binding.ts';
import type { Collector } from '../functions.ts';
import type { WindowContext } from '../process-context.ts';
import type { Window } from '../windows/window.ts';
import { emitContents, type WindowFiring } from './window-operator.ts';

type Elements = readonly unknown[];
type Out = Collector<unknown>;

/** WindowFunction, or (key, window, elements, out). */
export function applyFiring(given: unknown): WindowFiring {
  const { fn, rich } = bindFunction<(key: unknown, window: Window, elements: Elements, out: Out) => void>(
    given,
    'apply',
    'apply',
  );
  const call: WindowFn = (key, context, elements, out) => fn(key, context.window, elements, out);
  return { fn: call, rich, clear: undefined };
}

/** ProcessWindowFunction, or (key, context, elements, out). */
export function processFiring(given: unknown): WindowFiring {
  const { fn, rich } = bindFunction<WindowFn>(given, 'process', 'process');
  const clear = bindOptional<(context: WindowContext<Window>) => void>(given, 'clear');
  return { fn, rich, clear: clear === undefined ? undefined : (_key, context) => clear(context) };
}

/** AllWindowFunction, or (window, elements, out). */
export function applyAllFiring(given: unknown): WindowFiring {
  const { fn, rich } = bindFunction<(window: Window, elements: Elements, out: Out) => void>(given, 'apply', 'apply');
  const call: WindowFn = (_key, context, elements, out) => fn(context.window, elements, out);
  return { fn: call, rich, clear: undefined };
}

/** ProcessAllWindowFunction, or (context, elements, out). */
export function processAllFiring(given: unknown): WindowFiring {
  const { fn, rich } = bindFunction<(context: WindowContext<Window>, elements: Elements, out: Out) => void>(
    given,
    'process',
    'process',
  );
  const clear = bindOptional<(context: WindowContext<Window>) => void>(given, 'clear');
  const call: WindowFn = (_key, context, elements, out) => fn(context, elements, out);
  return { fn: call, rich, clear: clear === undefined ? undefined : (_key, context) => clear(context) };
}

/** Second argument of reduce and aggregate: none, an object with apply or process, or a plain process function. */
export function optionalFiring(
  given: unknown,
  apply: (given: unknown) => WindowFiring,
  process: (given: unknown) => WindowFiring,
): WindowFiring {
  if (given === undefined) return emitContents;
  return typeof given === 'object' && given !== null && 'apply' in given ? apply(given) : process(given);
}
