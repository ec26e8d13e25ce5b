// Questions of a task's sources to the coordinator: which splits does the source read? At most one per operator is open.
import type { AgreedSplits } from '../messages.ts';

interface Request {
  readonly resolve: (agreed: AgreedSplits) => void;
  readonly reject: (error: Error) => void;
}

export class SplitRequests {
  readonly #send: (operatorId: string, found: readonly unknown[]) => void;
  readonly #open = new Map<string, Request>();
  #isClosed = false;

  constructor(send: (operatorId: string, found: readonly unknown[]) => void) {
    this.#send = send;
  }

  /** Rejects when the task ends before the answer. */
  ask(operatorId: string, found: readonly unknown[]): Promise<AgreedSplits> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(ended());
        return;
      }
      this.#open.set(operatorId, { resolve, reject });
      this.#send(operatorId, found);
    });
  }

  answer(operatorId: string, agreed: AgreedSplits): void {
    this.#open.get(operatorId)?.resolve(agreed);
    this.#open.delete(operatorId);
  }

  close(): void {
    this.#isClosed = true;
    for (const { reject } of this.#open.values()) reject(ended());
    this.#open.clear();
  }
}

function ended(): Error {
  return new Error('The task ended before its source knew its splits');
}
