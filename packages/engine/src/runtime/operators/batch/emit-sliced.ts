// Emits results while the output has room: the end of a batch operator's input may bring any number of them (O5).
import type { OperatorContext } from '../stream-operator.ts';

/** Steps of an emission between two looks at the output. */
const STEPS_PER_CHECK = 64;

/**
 * @param next does one step of the emission (a record, a group) and returns false when there was none left
 */
export function emitSliced(context: OperatorContext, next: () => boolean): void {
  context.runSliced(() => {
    do {
      for (let i = 0; i < STEPS_PER_CHECK; i++) {
        if (!next()) return true;
      }
    } while (context.isOutputAvailable());
    return false;
  });
}

/** Each item once, in order. */
export function emitEach<T>(context: OperatorContext, items: readonly T[], emit: (item: T) => void): void {
  let position = 0;
  emitSliced(context, () => {
    if (position >= items.length) return false;
    emit(items[position++] as T);
    return true;
  });
}
