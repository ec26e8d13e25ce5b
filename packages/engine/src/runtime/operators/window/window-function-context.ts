// What a window function sees: one object per operator, pointed at a window before each call.
import type { OutputTag } from '../../../api/output-tag.ts';
import type { KeyedStateStore, WindowContext } from '../../../api/process-context.ts';
import type { Window } from '../../../api/windows/window.ts';
import { appError } from '../../../errors.ts';
import type { OperatorContext } from '../stream-operator.ts';
import type { NamespacedStates } from './namespaced-states.ts';
import type { WindowWatermark } from './window-watermark.ts';

export interface WindowFunctionContextOptions {
  readonly context: OperatorContext;
  readonly watermark: WindowWatermark;
  /** Undefined: windows merge, so there is no per-window state. */
  readonly states: NamespacedStates | undefined;
  readonly toNamespace: (window: Window) => unknown;
}

export class WindowFunctionContext implements WindowContext<Window> {
  window!: Window;
  readonly #context: OperatorContext;
  readonly #watermark: WindowWatermark;
  readonly #windowStates: KeyedStateStore | undefined;

  constructor(options: WindowFunctionContextOptions) {
    this.#context = options.context;
    this.#watermark = options.watermark;
    this.#windowStates = options.states?.storeAt(() => options.toNamespace(this.window));
  }

  currentProcessingTime(): number {
    return this.#context.clock.nowMs();
  }

  currentWatermark(): number {
    return this.#watermark.currentMs;
  }

  windowState(): KeyedStateStore {
    if (this.#windowStates === undefined) {
      throw appError('NO_WINDOW_STATE', [this.#context.operator.name]);
    }
    return this.#windowStates;
  }

  globalState(): KeyedStateStore {
    return this.#context.runtime;
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#context.output.collectSide(tag.id, value);
  }
}
