// Reference counts of shared files (incremental checkpoints).
//   R1. A file is deleted only when no completed checkpoint refers to it, and one checkpoint later than that: a task builds its next
//       increment on the last checkpoint it was told complete, which may be one behind.
//   R2. A checkpoint that refers to a deleted file is not completed (`missingAmong`).

export class SharedFileRegistry {
  readonly #counts = new Map<string, number>();
  /** Without references since the last completed checkpoint. */
  #condemned = new Set<string>();

  register(paths: Iterable<string>): void {
    for (const path of paths) {
      this.#counts.set(path, (this.#counts.get(path) ?? 0) + 1);
      this.#condemned.delete(path);
    }
  }

  release(paths: Iterable<string>): void {
    for (const path of paths) {
      const count = (this.#counts.get(path) ?? 0) - 1;
      if (count > 0) {
        this.#counts.set(path, count);
      } else if (this.#counts.delete(path)) {
        this.#condemned.add(path);
      }
    }
  }

  /** Files to delete now; those that lost their last reference since the call before wait for the next (R1). */
  takeDeletable(released: Iterable<string>): readonly string[] {
    const deletable = [...this.#condemned];
    this.#condemned = new Set();
    this.release(released);
    return deletable;
  }

  isReferenced(path: string): boolean {
    return this.#counts.has(path) || this.#condemned.has(path);
  }
}
