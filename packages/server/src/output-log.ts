// The newest output of the cluster's programs and tasks, for the stdout pages.
import type { LocalCluster, OutputEvent } from '@yeoul/engine/runtime';

/** About ten thousand lines. */
const MAX_CHARACTERS = 1024 * 1024;

/** Output of the program itself has no slot. */
type Origin = 'driver' | 'slots';

export class OutputLog {
  readonly #texts: Record<Origin, string[]> = { driver: [], slots: [] };
  readonly #sizes: Record<Origin, number> = { driver: 0, slots: 0 };
  readonly #unsubscribe: () => void;

  /** @param cluster undefined: nothing is kept */
  constructor(cluster: Pick<LocalCluster, 'onOutput'> | undefined) {
    this.#unsubscribe = cluster?.onOutput((event) => this.#add(event)) ?? (() => undefined);
  }

  text(origin: Origin): string {
    return this.#texts[origin].join('');
  }

  close(): void {
    this.#unsubscribe();
  }

  #add({ slotIndex, text }: OutputEvent): void {
    const origin = slotIndex < 0 ? 'driver' : 'slots';
    const texts = this.#texts[origin];
    texts.push(text.slice(-MAX_CHARACTERS));
    this.#sizes[origin] += text.length;
    // In large steps: shifting an array is not free.
    if (this.#sizes[origin] <= 2 * MAX_CHARACTERS) return;
    const kept = texts.join('').slice(-MAX_CHARACTERS);
    this.#texts[origin] = [kept];
    this.#sizes[origin] = kept.length;
  }
}
