// Counts changes of what views of a cluster show: states of jobs and tasks, checkpoints, which jobs there are. The numbers that slots report
// are not among them: they change all the time.

export class Revision {
  #value = 0;

  /** Goes up with every change; a view that was made at this value still shows the same states while it stays. */
  get value(): number {
    return this.#value;
  }

  readonly bump = (): void => {
    this.#value += 1;
  };
}
