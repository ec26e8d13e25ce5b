// The asynchronous part of one checkpoint in one subtask: backends are written in slices between elements, then acknowledged.
import type { OperatorStateHandle, OperatorSubtaskState, SubtaskState } from '../../checkpoint/state-handles.ts';
import type { KeyedSnapshotRun } from '../../state/keyed-state-backend.ts';

export interface OperatorSnapshotParts {
  readonly operatorId: string;
  readonly keyed: KeyedSnapshotRun | undefined;
  readonly operator: Promise<OperatorStateHandle | undefined>;
}

export interface SnapshotListener {
  onWritten(state: SubtaskState): void;
  onFailed(error: unknown): void;
}

export class SnapshotInFlight {
  readonly checkpointId: number;
  readonly #parts: readonly OperatorSnapshotParts[];
  readonly #listener: SnapshotListener;
  #toWrite: KeyedSnapshotRun[];
  #aborted = false;

  constructor(checkpointId: number, parts: readonly OperatorSnapshotParts[], listener: SnapshotListener) {
    this.checkpointId = checkpointId;
    this.#parts = parts;
    this.#listener = listener;
    this.#toWrite = parts.flatMap((p) => (p.keyed ? [p.keyed] : []));
    for (const { operator } of parts) operator.catch(() => undefined); // seen by #finish; must not be unhandled before
  }

  /** Writes for about `budgetMs`. @returns true when nothing is left to write here */
  step(budgetMs: number): boolean {
    try {
      const run = this.#toWrite[0];
      if (run?.step(budgetMs)) this.#toWrite.shift();
    } catch (error) {
      this.#fail(error);
      return true;
    }
    if (this.#toWrite.length > 0) return false;
    void this.#finish();
    return true;
  }

  abort(): void {
    this.#aborted = true;
    this.#toWrite = [];
    for (const { keyed } of this.#parts) void keyed?.abort().catch(() => undefined);
  }

  async #finish(): Promise<void> {
    try {
      const operators = await Promise.all(this.#parts.map(finishPart));
      if (!this.#aborted) this.#listener.onWritten({ operators: operators.filter(hasState) });
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#aborted) return;
    this.abort();
    this.#listener.onFailed(error);
  }
}

async function finishPart(part: OperatorSnapshotParts): Promise<OperatorSubtaskState> {
  const [keyed, operator] = await Promise.all([part.keyed?.finish() ?? [], part.operator]);
  return { operatorId: part.operatorId, keyed, operator: operator ? [operator] : [] };
}

function hasState(state: OperatorSubtaskState): boolean {
  return state.keyed.length > 0 || state.operator.length > 0;
}
