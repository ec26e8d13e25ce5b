// A function that fails now and then, in every way a function can: the seed, the life of the process, the attempt and the subtask decide
// when and how.
import { type CheckpointedFunction, type CheckpointListener, RichMapFunction, type RuntimeContext } from 'yeoul';
import { Chance } from './chance.ts';
import type { RunFiles } from './files.ts';

const KINDS = ['throw', 'exit', 'uncaught', 'rejection', 'snapshot', 'snapshot-exit', 'notify', 'notify-exit'] as const;
type Kind = (typeof KINDS)[number];

export class Saboteur<T> extends RichMapFunction<T, T> implements CheckpointedFunction, CheckpointListener {
  readonly #files: RunFiles;
  readonly #seed: number;
  readonly #recordsPerFault: number;
  #kind: Kind = 'throw';
  #left = 0;

  constructor(files: RunFiles, seed: number, recordsPerFault: number) {
    super();
    this.#files = files;
    this.#seed = seed;
    this.#recordsPerFault = recordsPerFault;
  }

  override open({ attemptNumber, indexOfThisSubtask }: RuntimeContext): void {
    const chance = new Chance([this.#seed, this.#files.readLife(), attemptNumber, indexOfThisSubtask]);
    this.#kind = KINDS[chance.below(KINDS.length)] as Kind;
    this.#left = 1 + chance.below(this.#recordsPerFault);
  }

  override map(value: T): T {
    this.#left -= 1;
    if (this.#left <= 0 && !/snapshot|notify/.test(this.#kind)) this.#fail();
    return value;
  }

  initializeState(): void {}

  snapshotState(): void {
    if (this.#left <= 0 && this.#kind.startsWith('snapshot')) this.#fail();
  }

  notifyCheckpointComplete(): void {
    if (this.#left <= 0 && this.#kind.startsWith('notify')) this.#fail();
  }

  #fail(): void {
    if (!this.#files.isArmed) {
      this.#left = Number.POSITIVE_INFINITY;
      return;
    }
    this.#left = Number.POSITIVE_INFINITY;
    this.#files.logFault(this.#kind);
    const error = new Error(`sabotage: ${this.#kind}`);
    if (this.#kind.endsWith('exit')) process.exit(3);
    else if (this.#kind === 'uncaught') setTimeout(() => this.#throw(error), 0);
    else if (this.#kind === 'rejection') void Promise.reject(error);
    else throw error;
  }

  #throw(error: Error): never {
    throw error;
  }
}
