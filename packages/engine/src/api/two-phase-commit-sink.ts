// A sink that takes part in checkpoints: what was written between two barriers becomes visible when the checkpoint that
// holds it is complete, once, whatever fails (source of the protocol: Apache Flink, TwoPhaseCommitSinkFunction).
//   T1. At the barrier the transaction in hand is pre-committed, stands in the checkpoint, and a new one is begun.
//   T2. A transaction is committed only after a checkpoint with its id or a later one is complete, in order.
//   T3. It leaves the state only after its commit returned: commit may be called again after a failure and must then succeed.
//   T4. At restore, pre-committed transactions of the state are committed and the one in hand is aborted.
import type { FunctionInitializationContext, FunctionSnapshotContext } from './functions.ts';
import type { SinkContext } from './process-context.ts';
import { RichSinkFunction } from './rich-functions.ts';
import { type ListState, ListStateDescriptor } from './state.ts';

interface TransactionState<X> {
  /** In hand when the checkpoint was made: aborted at restore. */
  readonly current: X;
  /** Pre-committed and not known to be committed. */
  readonly pending: readonly X[];
}

export abstract class TwoPhaseCommitSinkFunction<T, X> extends RichSinkFunction<T> {
  readonly #pending = new Map<number, X>();
  #current: { readonly transaction: X } | undefined;
  #state: ListState<TransactionState<X>> | undefined;
  #committing: Promise<void> = Promise.resolve();

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

  override invoke(value: T, context: SinkContext): void | Promise<void> {
    return this.write(this.#currentTransaction(), value, context);
  }

  async initializeState(context: FunctionInitializationContext): Promise<void> {
    this.#state = context.operatorStateStore.getListState(new ListStateDescriptor<TransactionState<X>>('transactions'));
    for (const { current, pending } of this.#state.get()) {
      for (const transaction of pending) await this.recoverAndCommit(transaction);
      await this.recoverAndAbort(current);
    }
    this.#pending.clear();
    this.#current = { transaction: this.beginTransaction() };
  }

  snapshotState(context: FunctionSnapshotContext): void | Promise<void> {
    const transaction = this.#currentTransaction();
    const prepared = this.preCommit(transaction);
    this.#pending.set(context.checkpointId, transaction);
    const next = this.beginTransaction();
    this.#current = { transaction: next };
    this.#state?.update([{ current: next, pending: [...this.#pending.values()] }]);
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
    for (const [id, transaction] of due) {
      await this.commit(transaction);
      this.#pending.delete(id);
    }
  }

  #currentTransaction(): X {
    if (this.#current === undefined)
      throw new Error('The sink has no transaction: initializeState has not run, or close has');
    return this.#current.transaction;
  }
}
