// What keyed and whole-stream windows share: their settings, the spec of the operator and its name.
import { appError } from '../../errors.ts';
import type { WindowContents, WindowFn, WindowSpec } from '../../graph/operator-spec.ts';
import { functionName } from '../function-binding.ts';
import type { RichFunctionLifecycle } from '../functions.ts';
import type { WindowContext } from '../process-context.ts';
import { type TimeLike, toMilliseconds } from '../time.ts';
import type { Evictor } from '../windows/evictor.ts';
import type { Trigger } from '../windows/trigger.ts';
import type { Window } from '../windows/window.ts';
import type { WindowAssigner } from '../windows/window-assigner.ts';

/** What fires: `fn` undefined emits the contents as they are. */
export interface WindowFiring {
  readonly fn: WindowFn | undefined;
  readonly rich: RichFunctionLifecycle | undefined;
  readonly clear: ((key: unknown, context: WindowContext<Window>) => void) | undefined;
}

export const emitContents: WindowFiring = { fn: undefined, rich: undefined, clear: undefined };

export class WindowSettings<T, W extends Window> {
  readonly assigner: WindowAssigner<T, W>;
  trigger: Trigger<T, W>;
  evictor: Evictor<T, W> | undefined;
  allowedLatenessMs = 0;
  lateTag: string | undefined;

  constructor(assigner: WindowAssigner<T, W>) {
    this.assigner = assigner;
    this.trigger = assigner.getDefaultTrigger();
  }

  setTrigger(trigger: Trigger<T, W>): void {
    if (this.assigner.mergeWindows !== undefined && trigger.canMerge?.() !== true) {
      throw appError('WINDOW_NOT_MERGEABLE', [`Trigger ${trigger}`, String(this.assigner)]);
    }
    this.trigger = trigger;
  }

  setAllowedLateness(lateness: TimeLike): void {
    this.allowedLatenessMs = toMilliseconds(lateness, 'allowed lateness', 0);
  }

  createSpec(contents: WindowContents, firing: WindowFiring): WindowSpec {
    if (this.assigner.mergeWindows !== undefined) this.#checkMergeable(contents);
    return {
      kind: 'window',
      assigner: this.assigner as unknown as WindowAssigner<unknown, Window>,
      trigger: this.trigger as unknown as Trigger<unknown, Window>,
      evictor: this.evictor as unknown as Evictor<unknown, Window> | undefined,
      allowedLatenessMs: this.allowedLatenessMs,
      lateTag: this.lateTag,
      contents,
      ...firing,
    };
  }

  #checkMergeable(contents: WindowContents): void {
    if (contents.kind === 'aggregate' && contents.aggregate.merge === undefined) {
      throw appError('WINDOW_NOT_MERGEABLE', ['An aggregate function without merge', String(this.assigner)]);
    }
  }

  /**
   * "Window(TumblingEventTimeWindows(1000), EventTimeTrigger, TemperatureAverager)"
   * (source of the form: Apache Flink 1.9, WindowedStream#generateOperatorName).
   * @param functions names, in order
   */
  operatorName(functions: readonly string[]): string {
    const parts = [String(this.assigner), functionName(this.trigger, 'Trigger')];
    if (this.evictor !== undefined) parts.push(functionName(this.evictor, 'Evictor'));
    return `Window(${[...parts, ...functions].join(', ')})`;
  }

  /**
   * "TriggerWindow(TumblingEventTimeWindows(1000), EventTimeTrigger(), AllWindowedStream.reduce)"
   * (source of the form: Apache Flink 1.9, AllWindowedStream, without the state descriptor, whose text is not stable).
   */
  allOperatorName(operation: string): string {
    const parts = [String(this.assigner), String(this.trigger)];
    if (this.evictor !== undefined) parts.push(functionName(this.evictor, 'Evictor'));
    return `TriggerWindow(${[...parts, `AllWindowedStream.${operation}`].join(', ')})`;
  }
}
