// Time and chance as the client needs them; tests bring their own.

export interface ClientClock {
  /** Does not jump; its zero means nothing. */
  nowMillis(): number;
  /** Rejects with the signal's reason as soon as it is aborted. */
  sleep(millis: number, signal?: AbortSignal): Promise<void>;
}

/** In [0, 1). */
export type Random = () => number;
