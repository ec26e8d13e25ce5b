// Scripts: what goes into an operator or comes out of a source, step by step, as data.

export type ScriptStep<T> =
  | { readonly kind: 'element'; readonly value: T; readonly timestampMs: number | undefined }
  | { readonly kind: 'watermark'; readonly timestampMs: number }
  /** verifyOperator: sets processing time. */
  | { readonly kind: 'processingTime'; readonly timeMs: number }
  /** scriptedSource: throws, once per job. */
  | { readonly kind: 'crash'; readonly message: string }
  /** scriptedSource: emits nothing for so long, processing time. */
  | { readonly kind: 'pause'; readonly durationMs: number }
  /** scriptedSource: emits nothing until a checkpoint with this position is complete. */
  | { readonly kind: 'barrier' };

const STEP = Symbol('script step');

type Marked<S> = S & { readonly [STEP]: true };

function mark<S extends ScriptStep<never> | ScriptStep<unknown>>(step: S): Marked<S> {
  return { ...step, [STEP]: true };
}

/** A value with an event time. */
export function element<T>(value: T, timestampMs?: number) {
  return mark({ kind: 'element' as const, value, timestampMs });
}

export function watermark(timestampMs: number) {
  return mark({ kind: 'watermark' as const, timestampMs });
}

export function processingTime(timeMs: number) {
  return mark({ kind: 'processingTime' as const, timeMs });
}

export function crash(message = 'scripted crash') {
  return mark({ kind: 'crash' as const, message });
}

export function pause(durationMs: number) {
  return mark({ kind: 'pause' as const, durationMs });
}

export function barrier() {
  return mark({ kind: 'barrier' as const });
}

/** Steps, or plain values standing for elements without timestamp. */
export type Script<T> = readonly (T | Marked<ScriptStep<T>> | Marked<ScriptStep<never>>)[];

export function toSteps<T>(script: Script<T>): ScriptStep<T>[] {
  return script.map((item) => (isStep<T>(item) ? item : { kind: 'element', value: item as T, timestampMs: undefined }));
}

function isStep<T>(item: unknown): item is ScriptStep<T> {
  return typeof item === 'object' && item !== null && STEP in item;
}
