// An outside system with transactions, in memory, and the sink that writes to it. It holds what a database would: it outlives slots and
// crashed clusters, and it notices a protocol that is not kept.
//   TS1. A prepared transaction is kept until it is committed or aborted; one that was only begun is lost with its writer.
//   TS2. A second commit changes nothing; a commit of what was aborted or never prepared is a violation.
import { type SinkContext, TwoPhaseCommitSinkFunction } from '@yeoul/engine';

interface Transaction {
  readonly values: unknown[];
  state: 'open' | 'prepared' | 'committed' | 'aborted';
}

export class TransactionalStore<T> {
  /** Committed, in the order of commits. */
  readonly committed: T[] = [];
  readonly violations: string[] = [];
  readonly #transactions = new Map<string, Transaction>();
  #count = 0;

  begin(): string {
    return `t${++this.#count}`;
  }

  write(id: string, value: T): void {
    const transaction = this.#transactions.get(id) ?? { values: [], state: 'open' };
    this.#transactions.set(id, transaction);
    if (transaction.state !== 'open') this.violations.push(`write to ${id}, which is ${transaction.state}`);
    transaction.values.push(value);
  }

  prepare(id: string): void {
    const transaction = this.#transactions.get(id);
    if (transaction?.state === 'open') transaction.state = 'prepared';
    else if (transaction) this.violations.push(`prepare of ${id}, which is ${transaction.state}`);
    else this.#transactions.set(id, { values: [], state: 'prepared' });
  }

  commit(id: string): void {
    const transaction = this.#transactions.get(id);
    if (transaction?.state === 'committed') return;
    if (transaction?.state !== 'prepared') {
      this.violations.push(`commit of ${id}, which is ${transaction?.state ?? 'unknown'}`);
      return;
    }
    transaction.state = 'committed';
    this.committed.push(...(transaction.values as T[]));
  }

  abort(id: string): void {
    const transaction = this.#transactions.get(id);
    if (!transaction) return;
    if (transaction.state === 'committed') this.violations.push(`abort of ${id}, which is committed`);
    else transaction.state = 'aborted';
  }

  sink(options: StoreSinkOptions = {}): StoreSink<T> {
    return new StoreSink(this, options);
  }
}

export interface StoreSinkOptions {
  /** Turns of the event loop that prepare and commit take; default: they are synchronous. */
  readonly delayTurns?: () => number;
  /** Called before each commit; may throw. */
  readonly beforeCommit?: () => void;
}

class StoreSink<T> extends TwoPhaseCommitSinkFunction<T, string> {
  readonly #store: TransactionalStore<T>;
  readonly #options: StoreSinkOptions;

  constructor(store: TransactionalStore<T>, options: StoreSinkOptions) {
    super();
    this.#store = store;
    this.#options = options;
  }

  protected beginTransaction(): string {
    return this.#store.begin();
  }

  protected write(transaction: string, value: T, _context: SinkContext): void {
    this.#store.write(transaction, value);
  }

  protected preCommit(transaction: string): void | Promise<void> {
    this.#store.prepare(transaction);
    if (this.#options.delayTurns) return turns(this.#options.delayTurns());
  }

  protected commit(transaction: string): void | Promise<void> {
    this.#options.beforeCommit?.();
    if (!this.#options.delayTurns) return this.#store.commit(transaction);
    return turns(this.#options.delayTurns()).then(() => this.#store.commit(transaction));
  }

  protected abort(transaction: string): void {
    this.#store.abort(transaction);
  }
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
