// A program while it runs: the jobs it has executed so far, and its end. Jobs may outlive their program (executeAsync).

export class ProgramExecution {
  /** Settles when the program has returned or thrown; its rejection is heard of elsewhere, too. */
  readonly ended: Promise<void>;
  readonly #jobIds: string[] = [];
  #isEnded = false;
  #wake: () => void = () => undefined;
  #changed = this.#nextChange();

  constructor() {
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.ended.catch(() => undefined);
  }

  #resolve!: () => void;
  #reject!: (error: Error) => void;

  /** Accepted so far, in the order of execution. */
  get jobIds(): readonly string[] {
    return this.#jobIds;
  }

  /** @returns the id of job number `index` once it is accepted; undefined: the program ended without it */
  async job(index: number): Promise<string | undefined> {
    while (index >= this.#jobIds.length && !this.#isEnded) await this.#changed;
    return this.#jobIds[index];
  }

  /** Internal. */
  addJob(jobId: string): void {
    this.#jobIds.push(jobId);
    this.#notify();
  }

  /** Internal. */
  end(error?: Error): void {
    this.#isEnded = true;
    if (error === undefined) this.#resolve();
    else this.#reject(error);
    this.#notify();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#changed = this.#nextChange();
    wake();
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
