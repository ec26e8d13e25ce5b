/** Chance that repeats: xorshift32 over a mix of several numbers. */
export class Chance {
  #state: number;

  constructor(numbers: readonly number[]) {
    this.#state =
      numbers.reduce((mix, n) => Math.imul(mix ^ (n + 0x7f4a7c15), 0x9e3779b1) ^ (mix >>> 15), 0x2545f491) || 1;
    for (let i = 0; i < 8; i++) this.next();
  }

  /** In [0, 1). */
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) / 2 ** 32;
  }

  /** Whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }
}
