// Target and dictionary id of string keys on a keyed edge. A key whose channel knows its id is found with one look
// (`guesses`, in generated code); everything else comes here.
//   KR1. `guesses` holds a key only when its target was told the id; the dictionary clears it when it forgets.
import type { Routing } from './partition-source.ts';
import { type DictionaryField, type StringDictionary, toldBitOf } from './string-dictionary.ts';
import type { StringGuesses } from './string-guesses.ts';

/** Values of `guesses` are id + target * this: 31 bits, as ids have 16 and parallelism is 2^15 at most. */
export const TARGET_SHIFT = 16;
export const KEY_ID_MASK = 0xffff;

export class KeyRouter {
  readonly guesses: StringGuesses;
  /** Of the key found last. */
  target = 0;
  readonly #field: DictionaryField;
  readonly #dictionary: StringDictionary;
  readonly #routing: Routing;

  constructor(field: DictionaryField, routing: Routing) {
    this.guesses = field.guesses;
    this.#field = field;
    this.#dictionary = field.dictionary;
    this.#routing = routing;
  }

  /** @returns the dictionary's id, which the target may not know yet, or -1: the key goes inline; `target` is set */
  find(key: string): number {
    const id = this.#field.search(key);
    this.target = id < 0 ? this.#routing.ofKey(key) : this.#targetOf(id, key);
    if (id >= 0 && this.#dictionary.isTold(id, toldBitOf(this.target)))
      this.guesses.learn(this.#dictionary.texts[id]!, id | (this.target << TARGET_SHIFT));
    return id;
  }

  #targetOf(id: number, key: string): number {
    const known = this.#dictionary.targetOf(id);
    if (known >= 0) return known;
    const target = this.#routing.ofKey(key);
    this.#dictionary.setTarget(id, target);
    return target;
  }
}
