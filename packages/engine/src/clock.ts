// Time comes in by argument: real in bin/ and worker entries, virtual in tests.

export interface TimerHandle {
  cancel(): void;
}

export interface Clock {
  /** Epoch milliseconds, UTC. */
  nowMs(): number;
  /** Monotonic milliseconds with fractions; only differences mean something. */
  monotonicMs(): number;
  /** Calls back once at or after `atMs` (epoch ms). */
  schedule(atMs: number, callback: () => void): TimerHandle;
}
