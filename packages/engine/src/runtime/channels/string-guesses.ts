// Small integers by string, for strings that are looked up again and again. A place is chosen by a few characters, and what
// stands there is compared as a whole: at once for one and the same string object, soon for an equal one.
//   SG1. It may forget anything at any time: whoever asks has a slower way to know.
//   SG2. Strings whose ends are alike get into each other's way: then nothing is guessed any more.

/** Not known here. */
const NO_GUESS = -1;

/** Shorter strings are found as fast by all their characters. At least the characters that are looked at. */
export const MIN_GUESSED_LENGTH = 9;
/** [text, value, text, value]; an empty text marks a free place. */
const BUCKET_PLACES = 4;
const INITIAL_BUCKETS = 128;
/** As many as a dictionary has strings. */
const MAX_BUCKETS = 1 << 16;
/** Strings that took another's place after which the guesses are judged. */
const DISPLACED_PER_JUDGEMENT = 1 << 14;

export class StringGuesses {
  /** One array, so that a hit costs one look at memory besides the string itself. */
  #places = freePlaces(INITIAL_BUCKETS);
  #shift = 32 - Math.log2(INITIAL_BUCKETS);
  #size = 0;
  #minLength = MIN_GUESSED_LENGTH;
  /** Strings found, ever. */
  hits = 0;
  #hitsAtJudgement = 0;
  #displaced = 0;

  /** @returns the value, never negative, or NO_GUESS */
  find(text: string): number {
    const length = text.length;
    if (length < this.#minLength) return NO_GUESS;
    const places = this.#places;
    const at = (hashOf(text, length) >>> this.#shift) * BUCKET_PLACES;
    if (places[at] === text) {
      this.hits++;
      return places[at + 1] as number;
    }
    if (places[at + 2] === text) {
      this.hits++;
      return places[at + 3] as number;
    }
    return NO_GUESS;
  }

  /** Call after a `find` that did not know the text. */
  learn(text: string, value: number): void {
    if (text.length < this.#minLength) return;
    if (this.#size * BUCKET_PLACES > this.#places.length) this.#grow();
    this.#put(text, value);
  }

  /** The caller's numbers mean something else from now on. */
  clear(): void {
    this.#places = freePlaces(INITIAL_BUCKETS);
    this.#shift = 32 - Math.log2(INITIAL_BUCKETS);
    this.#size = 0;
    this.#minLength = MIN_GUESSED_LENGTH;
  }

  #put(text: string, value: number): void {
    const places = this.#places;
    let at = (hashOf(text, text.length) >>> this.#shift) * BUCKET_PLACES;
    if (places[at] !== '') at += 2;
    if (places[at] === '') this.#size++;
    else if (++this.#displaced >= DISPLACED_PER_JUDGEMENT) this.#judge();
    places[at] = text;
    places[at + 1] = value;
  }

  /** One string to a bucket on average. */
  #grow(): void {
    const old = this.#places;
    if (old.length >= MAX_BUCKETS * BUCKET_PLACES) return;
    this.#places = freePlaces((old.length / BUCKET_PLACES) * 2);
    this.#shift--;
    this.#size = 0;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] !== '') this.#put(old[at] as string, old[at + 1] as number);
    }
  }

  /** Worth it when most strings were found. */
  #judge(): void {
    if (this.hits - this.#hitsAtJudgement < 2 * this.#displaced) this.#minLength = Number.MAX_SAFE_INTEGER;
    this.#hitsAtJudgement = this.hits;
    this.#displaced = 0;
  }
}

function freePlaces(buckets: number): (string | number)[] {
  const places: (string | number)[] = [];
  for (let i = 0; i < buckets; i++) places.push('', 0, '', 0);
  return places;
}

/** The last characters, in which ids differ: reading a character costs as much as a look at memory. */
function hashOf(text: string, length: number): number {
  const low = text.charCodeAt(length - 1) | (text.charCodeAt(length - 2) << 8);
  const high = text.charCodeAt(length - 3) | (text.charCodeAt(length - 4) << 8);
  return Math.imul(low ^ (high << 16) ^ (text.charCodeAt(length - 5) << 12) ^ length, 0x9e3779b1);
}
