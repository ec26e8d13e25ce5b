// What jobs print before there is somebody to show it: those that are resumed begin while the engine still opens. Each that subscribes meanwhile
// gets it from the start.
import type { OutputEvent } from '@yeoul/engine/runtime';

type Listener = (event: OutputEvent) => void;

/** Far more than a job prints in the moment until the log files are open. */
const MAX_HELD_CHARACTERS = 16 * 1024 * 1024;

export class HeldOutput {
  readonly #listeners: Listener[] = [];
  #held: OutputEvent[] | undefined = [];
  #heldCharacters = 0;

  /** To be given to the engine. */
  readonly add: Listener = (event) => {
    if (this.#held !== undefined && this.#heldCharacters < MAX_HELD_CHARACTERS) {
      this.#held.push(event);
      this.#heldCharacters += event.text.length;
    }
    for (const listener of this.#listeners) listener(event);
  };

  onOutput(listener: Listener): () => void {
    this.#held?.forEach(listener);
    this.#listeners.push(listener);
    return () => this.#listeners.splice(this.#listeners.indexOf(listener), 1);
  }

  /** Everybody listens: nothing is held any longer. */
  release(): void {
    this.#held = undefined;
  }
}
