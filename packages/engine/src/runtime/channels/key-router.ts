// Long string keys whose channel knows their id are found with one look (`guesses`, in generated code), which gives id and
// target. Short ones are found by all their characters as fast.
//   KR1. `guesses` holds a key only when its target was told the id; the dictionary clears it when it forgets.
import { type DictionaryField, type StringDictionary, toldBitOf } from './string-dictionary.ts';
import type { StringGuesses } from './string-guesses.ts';

/** Values of `guesses` are id + target * this: 31 bits, as ids have 16 and parallelism is 2^15 at most. */
export const TARGET_SHIFT = 16;
export const KEY_ID_MASK = 0xffff;

export class KeyRouter {
  readonly guesses: StringGuesses;
  readonly #dictionary: StringDictionary;

  constructor(field: DictionaryField) {
    this.guesses = field.guesses;
    this.#dictionary = field.dictionary;
  }

  /** Call with what was not guessed; from then on it is, if the target knows it. */
  learn(cell: number, target: number): void {
    const dictionary = this.#dictionary;
    if (!dictionary.isTold(cell, toldBitOf(target))) return;
    const id = dictionary.idOf(cell);
    this.guesses.learn(dictionary.texts[id]!, id | (target << TARGET_SHIFT));
  }
}
