// What went wrong in a job, newest first, bounded.
import type { AppError } from '../../errors.ts';
import type { SerializedError } from '../messages.ts';
import { DEFAULT_HISTORY_LIMITS } from './history-limits.ts';

export interface ExceptionEntry {
  readonly timestampMs: number;
  readonly name: string;
  readonly message: string;
  /** With causes. */
  readonly stackTrace: string;
  readonly code: string | undefined;
  /** Undefined: no single task's failure. */
  readonly taskName: string | undefined;
  readonly vertexId: string | undefined;
  readonly subtaskIndex: number | undefined;
  readonly attemptNumber: number | undefined;
  readonly slotIndex: number | undefined;
}

export interface ExceptionHistoryView {
  /** The failure that the job's state is due to: the last one. */
  readonly root: ExceptionEntry | undefined;
  /** Newest first. */
  readonly entries: readonly ExceptionEntry[];
  readonly truncated: boolean;
}

export class ExceptionHistory {
  readonly #maxEntries: number;
  #entries: ExceptionEntry[] = [];
  #truncated = false;

  constructor(maxEntries: number = DEFAULT_HISTORY_LIMITS.exceptions) {
    this.#maxEntries = maxEntries;
  }

  record(entry: ExceptionEntry): void {
    this.#entries = [entry, ...this.#entries];
    this.#truncated ||= this.#entries.length > this.#maxEntries;
    this.#entries = this.#entries.slice(0, this.#maxEntries);
  }

  view(): ExceptionHistoryView {
    return { root: this.#entries[0], entries: this.#entries, truncated: this.#truncated };
  }
}

export function toSerializedError(error: Error): SerializedError {
  return { name: error.name, message: error.message, stack: stackOf(error), code: (error as Partial<AppError>).code };
}

/** The stack with those of its causes, as Java prints it. */
function stackOf(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own;
}
