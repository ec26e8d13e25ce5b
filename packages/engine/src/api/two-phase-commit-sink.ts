// A sink that takes part in checkpoints: what was written between two barriers becomes visible when the checkpoint that
// holds it is complete, once, whatever fails (source of the protocol: Apache Flink, TwoPhaseCommitSinkFunction).
//   T1. At the barrier the transaction in hand is pre-committed, stands in the checkpoint, and a new one is begun.
//   T2. A transaction is committed only after a checkpoint with its id or a later one is complete, in order.
//   T3. It leaves the state only after its commit returned: commit may be called again after a failure and must then succeed.
//   T4. At restore, pre-committed transactions of the state are committed and the one in hand is aborted.
//   T5. A commit at restore that fails is an error, and is tried again with the next attempt; only past the transaction timeout, and when asked
//       for, it is reported and given up: the outside has dropped the transaction, and what it held is lost.
import { appError, toError } from '../errors.ts';
import type { FunctionInitializationContext, FunctionSnapshotContext } from './functions.ts';
import type { SinkContext } from './process-context.ts';
import { RichSinkFunction } from './rich-functions.ts';
import { type ListState, ListStateDescriptor } from './state.ts';
import { type TimeLike, toMilliseconds } from './time.ts';

interface TransactionState<X> {
  /** In hand when the checkpoint was made: aborted at restore. */
  readonly current: X;
  /** Pre-committed and not known to be committed. */
  readonly pending: readonly X[];
  /** When they were begun, epoch ms, in the same order; not in states of earlier versions. */
  readonly startedMs?: { readonly current: number; readonly pending: readonly number[] };
}

interface OpenTransaction<X> {
  readonly transaction: X;
  readonly startedMs: number;
}

export abstract class TwoPhaseCommitSinkFunction<T, X> extends RichSinkFunction<T> {
  readonly #pending = new Map<number, OpenTransaction<X>>();
  #current: OpenTransaction<X> | undefined;
  #state: ListState<TransactionState<X>> | undefined;
  #committing: Promise<void> = Promise.resolve();
  #surroundings: Pick<FunctionInitializationContext, 'currentProcessingTime' | 'warn'> | undefined;
  #timeoutMs = Number.POSITIVE_INFINITY;
  #ignoresFailuresAfterTimeout = false;
  #warningRatio: number | undefined;

  /** A handle of a new transaction: plain data (it stands in checkpoints). Open resources when the first record comes. */
  protected abstract beginTransaction(): X;
  protected abstract write(transaction: X, value: T, context: SinkContext): void | Promise<void>;
  /** Makes the transaction durable, so that commit cannot fail. The handle must be complete when this returns; the promise is waited for before the checkpoint counts. */
  protected abstract preCommit(transaction: X): void | Promise<void>;
  /** Makes it visible. Must do nothing when it already is (T3). */
  protected abstract commit(transaction: X): void | Promise<void>;
  protected abstract abort(transaction: X): void | Promise<void>;

  /** Commit after a restore; the transaction may be committed already. */
  protected recoverAndCommit(transaction: X): void | Promise<void> {
    return this.commit(transaction);
  }

  protected recoverAndAbort(transaction: X): void | Promise<void> {
    return this.abort(transaction);
  }

  /**
   * How long the outside keeps a transaction that is not committed, from its begin. Nothing ends by it; it is what the two
   * settings below go by. Default: without end.
   */
  setTransactionTimeout(timeout: TimeLike): this {
    this.#timeoutMs = toMilliseconds(timeout, 'transaction timeout', 0);
    return this;
  }

  /**
   * A transaction that cannot be committed at a restore, and is older than the transaction timeout, is reported on standard
   * error and given up: its records are lost, and the job goes on. Without this the job fails at every attempt.
   */
  ignoreFailuresAfterTransactionTimeout(): this {
    this.#ignoresFailuresAfterTimeout = true;
    return this;
  }

  /** Before each commit: a line on standard error when the transaction is older than `warningRatio` (0..1) of the timeout. */
  enableTransactionTimeoutWarnings(warningRatio: number): this {
    if (!(warningRatio >= 0 && warningRatio <= 1))
      throw appError('INVALID_SETTING', ['warningRatio', warningRatio, 'from 0 to 1']);
    this.#warningRatio = warningRatio;
    return this;
  }

  override invoke(value: T, context: SinkContext): void | Promise<void> {
    return this.write(this.#currentTransaction(), value, context);
  }

  async initializeState(context: FunctionInitializationContext): Promise<void> {
    this.#state = context.operatorStateStore.getListState(new ListStateDescriptor<TransactionState<X>>('transactions'));
    this.#surroundings = context;
    const nowMs = context.currentProcessingTime();
    for (const { current, pending, startedMs } of this.#state.get()) {
      for (const [i, transaction] of pending.entries()) {
        await this.#recoverAndCommit({ transaction, startedMs: startedMs?.pending[i] ?? nowMs });
      }
      await this.recoverAndAbort(current);
    }
    this.#pending.clear();
    this.#current = this.#begin();
  }

  snapshotState(context: FunctionSnapshotContext): void | Promise<void> {
    const before = this.#openTransaction();
    const prepared = this.preCommit(before.transaction);
    this.#pending.set(context.checkpointId, before);
    const current = this.#begin();
    this.#current = current;
    const pending = [...this.#pending.values()];
    this.#state?.update([
      {
        current: current.transaction,
        pending: pending.map(({ transaction }) => transaction),
        startedMs: { current: current.startedMs, pending: pending.map(({ startedMs }) => startedMs) },
      },
    ]);
    return prepared;
  }

  notifyCheckpointComplete(checkpointId: number): Promise<void> {
    this.#committing = this.#committing.then(() => this.#commitUpTo(checkpointId));
    return this.#committing;
  }

  override async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    if (current !== undefined) await this.abort(current.transaction);
  }

  async #commitUpTo(checkpointId: number): Promise<void> {
    const due = [...this.#pending].filter(([id]) => id <= checkpointId).sort(([a], [b]) => a - b);
    for (const [id, open] of due) {
      this.#warnIfOld(open);
      await this.commit(open.transaction);
      this.#pending.delete(id);
    }
  }

  /** T5. */
  async #recoverAndCommit(open: OpenTransaction<X>): Promise<void> {
    this.#warnIfOld(open);
    try {
      await this.recoverAndCommit(open.transaction);
    } catch (error) {
      if (!this.#ignoresFailuresAfterTimeout || this.#ageMs(open) <= this.#timeoutMs) throw error;
      this.#surroundings?.warn(
        `Transaction ${describe(open.transaction)} could not be committed (${toError(error).message}). It has been open for ${this.#ageMs(open)} ms, longer than the transaction timeout (${this.#timeoutMs} ms): the commit is not tried again, and its records may be lost.`,
      );
    }
  }

  #warnIfOld(open: OpenTransaction<X>): void {
    const ageMs = this.#ageMs(open);
    if (this.#warningRatio === undefined || ageMs <= this.#timeoutMs * this.#warningRatio) return;
    this.#surroundings?.warn(
      `Transaction ${describe(open.transaction)} has been open for ${ageMs} ms. This is close to or above the transaction timeout of ${this.#timeoutMs} ms.`,
    );
  }

  #ageMs({ startedMs }: OpenTransaction<X>): number {
    return this.#nowMs() - startedMs;
  }

  #nowMs(): number {
    return this.#surroundings?.currentProcessingTime() ?? 0;
  }

  #begin(): OpenTransaction<X> {
    return { transaction: this.beginTransaction(), startedMs: this.#nowMs() };
  }

  #currentTransaction(): X {
    return this.#openTransaction().transaction;
  }

  #openTransaction(): OpenTransaction<X> {
    if (this.#current === undefined)
      throw new Error('The sink has no transaction: initializeState has not run, or close has');
    return this.#current;
  }
}

function describe(transaction: unknown): string {
  return typeof transaction === 'object' ? JSON.stringify(transaction) : String(transaction);
}
