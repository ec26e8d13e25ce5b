// The watermark by which a window operator tells late from in time. It is saved with each checkpoint.
//   V1. After a restore an element is late exactly when it would have been without the failure: Flink starts again at
//       "no watermark" and takes elements that it had already called late.
//   V2. All subtasks have the same watermark at one aligned barrier; where they differ (at-least-once) the smallest counts.
import { type ListState, ListStateDescriptor } from '../../../api/state.ts';
import { WINDOW_PROGRESS_STATE } from '../../../checkpoint/window-progress-state.ts';
import { appError } from '../../../errors.ts';
import type { OperatorContext } from '../stream-operator.ts';

interface SavedProgress {
  readonly watermarkMs: number;
  readonly layout: string;
}

export class WindowWatermark {
  /** -Infinity before the first. */
  currentMs = Number.NEGATIVE_INFINITY;
  readonly #state: ListState<SavedProgress>;
  readonly #operatorName: string;
  readonly #layout: string;

  /** @param layout how windows stand in this operator's state; a restore into another layout is refused */
  constructor(context: OperatorContext, layout: string) {
    this.#state = context.operatorState.getUnionListState(
      new ListStateDescriptor<SavedProgress>(WINDOW_PROGRESS_STATE),
    );
    this.#operatorName = context.operator.name;
    this.#layout = layout;
  }

  restore(): void {
    const saved = this.#state.get();
    const other = saved.find((progress) => progress.layout !== this.#layout);
    if (other !== undefined) throw appError('WINDOW_LAYOUT_CHANGED', [this.#operatorName, other.layout, this.#layout]);
    if (saved.length > 0) this.currentMs = Math.min(...saved.map((progress) => progress.watermarkMs));
  }

  save(): void {
    this.#state.update([{ watermarkMs: this.currentMs, layout: this.#layout }]);
  }

  advance(timestampMs: number): void {
    if (timestampMs > this.currentMs) this.currentMs = timestampMs;
  }
}
