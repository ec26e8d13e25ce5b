// Who listens to what jobs print and collect. A listener that throws is dropped from that delivery only.

/** Slot index of what the program itself prints, outside of its job. */
export const DRIVER_SLOT = -1;

export interface OutputEvent {
  readonly jobId: string;
  readonly slotIndex: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface CollectedEvent {
  readonly jobId: string;
  readonly collectId: string;
  readonly values: readonly unknown[];
  readonly end: boolean;
}

/** A set of listeners of one kind of event. */
export class EventHub<E> {
  readonly #listeners = new Set<(event: E) => void>();
  readonly #onProblem: (message: string, error: unknown) => void;

  constructor(onProblem: (message: string, error: unknown) => void) {
    this.#onProblem = onProblem;
  }

  /** @returns takes it back */
  subscribe(listener: (event: E) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(event: E): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#onProblem('A listener failed', error);
      }
    }
  }
}
