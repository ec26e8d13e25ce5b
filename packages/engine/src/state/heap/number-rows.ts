// Values of a dense pane that are rows of numbers, kept as bare numbers in one array: no object per cell, no pointer to follow.
//   NR1. A row is its fields: another object with the same numbers is read than was written. Only values of the declared
//        fields alone, all of them numbers, and without a class are accepted.
import { areNumbersSource, rowSource, storeSource } from '../number-fields.ts';

export class NumberRowCodec {
  readonly width: number;
  readonly read: (numbers: Float64Array, at: number) => unknown;
  readonly write: (numbers: Float64Array, at: number, row: unknown) => void;
  /** See NR1. */
  readonly accepts: (value: unknown) => boolean;

  constructor(fields: readonly string[]) {
    this.width = fields.length;
    this.read = compile('numbers, at', `return ${rowSource(fields, 'numbers', 'at')};`);
    this.write = compile('numbers, at, row', storeSource(fields, 'numbers', 'at', 'row'));
    this.accepts = compile(
      'value',
      `if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
      let count = 0;
      for (const _name in value) count++;
      return count === ${fields.length} && ${areNumbersSource(fields, 'value')};`,
    );
  }
}

function compile<F>(parameters: string, body: string): F {
  return new Function(parameters, `"use strict";\n${body}`) as F;
}

export class NumberRows {
  readonly codec: NumberRowCodec;
  /** By slot * width. */
  numbers: Float64Array;
  /** By slot: 1 where there is a row. */
  present: Uint8Array;

  constructor(codec: NumberRowCodec, length: number) {
    this.codec = codec;
    this.numbers = new Float64Array(length * codec.width);
    this.present = new Uint8Array(length);
  }

  get length(): number {
    return this.present.length;
  }

  has(slot: number): boolean {
    return slot >= 0 && slot < this.present.length && this.present[slot] === 1;
  }

  read(slot: number): unknown {
    return this.has(slot) ? this.codec.read(this.numbers, slot * this.codec.width) : undefined;
  }

  write(slot: number, row: unknown): void {
    this.codec.write(this.numbers, slot * this.codec.width, row);
    this.present[slot] = 1;
  }

  clear(slot: number): void {
    this.present[slot] = 0;
  }

  /** Rows [from, to) as they are now, counted from 0. */
  copy(from: number, to: number): NumberRows {
    const { codec, numbers, present } = this;
    const copy = new NumberRows(codec, 0);
    copy.numbers = numbers.slice(from * codec.width, to * codec.width);
    copy.present = present.slice(from, to);
    return copy;
  }

  grow(length: number): void {
    const { numbers, present } = this;
    const capacity = Math.max(length, present.length * 2);
    this.numbers = new Float64Array(capacity * this.codec.width);
    this.numbers.set(numbers);
    this.present = new Uint8Array(capacity);
    this.present.set(present);
  }
}
