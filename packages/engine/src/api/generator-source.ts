// A source from a generator. Its position is the number of values taken: at restore the generator starts again and that
// many are skipped, so it must give the same values each time.
import { Boundedness, type ReaderOutput, type Source, type SourceReader } from './source.ts';

/** Values taken from the generator so far. */
export interface GeneratorSplit {
  readonly taken: number;
}

export type GeneratorFactory<T> = () => Iterable<T> | AsyncIterable<T>;

// Values per poll of a synchronous generator: enough to make the call cheap, few enough to stay responsive.
const VALUES_PER_POLL = 16;

/** Elements whose number is known: arrays, sets, maps, typed arrays, texts. Others may be endless and are never taken at once. */
export function isCollection(elements: object): boolean {
  const { length, size } = elements as { length?: unknown; size?: unknown };
  return typeof length === 'number' || typeof size === 'number';
}

/** An iterator that cannot be iterated over, as Flink's are. */
export function toIterable<T>(elements: Iterable<T> | Iterator<T>): Iterable<T> {
  const isIterable = typeof (elements as Partial<Iterable<T>>)[Symbol.iterator] === 'function';
  return isIterable ? (elements as Iterable<T>) : { [Symbol.iterator]: () => elements as Iterator<T> };
}

export class GeneratorSource<T> implements Source<T, GeneratorSplit> {
  readonly boundedness = Boundedness.Bounded;
  readonly #create: GeneratorFactory<T>;

  constructor(create: GeneratorFactory<T>) {
    this.#create = create;
  }

  enumerateSplits(): GeneratorSplit[] {
    return [{ taken: 0 }];
  }

  splitId(): string {
    return 'generator';
  }

  createReader(): SourceReader<T, GeneratorSplit> {
    return new GeneratorReader(this.#create);
  }
}

type Values<T> =
  | { readonly kind: 'none' }
  | { readonly kind: 'sync'; readonly iterator: Iterator<T> }
  | { readonly kind: 'async'; readonly iterator: AsyncIterator<T> };

class GeneratorReader<T> implements SourceReader<T, GeneratorSplit> {
  readonly #create: GeneratorFactory<T>;
  #values: Values<T> = { kind: 'none' };
  #toSkip = 0;
  #taken = 0;
  #pending: Promise<void> | undefined;
  #arrived: IteratorResult<T, unknown> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(create: GeneratorFactory<T>) {
    this.#create = create;
  }

  addSplits(splits: readonly GeneratorSplit[]): void {
    for (const split of splits) {
      this.#toSkip = split.taken;
      this.#taken = split.taken;
      this.#values = open(this.#create());
    }
  }

  pollNext(output: ReaderOutput<T>): 'more' | 'wait' | 'end' {
    if (this.#values.kind === 'none') return 'end';
    return this.#values.kind === 'sync'
      ? this.#pollSync(this.#values.iterator, output)
      : this.#pollAsync(this.#values.iterator, output);
  }

  isAvailable(): Promise<void> {
    return this.#pending ?? Promise.resolve();
  }

  snapshotState(): GeneratorSplit[] {
    return this.#values.kind === 'none' ? [] : [{ taken: this.#taken }];
  }

  async close(): Promise<void> {
    if (this.#values.kind !== 'none') await this.#values.iterator.return?.();
  }

  #pollSync(iterator: Iterator<T>, output: ReaderOutput<T>): 'more' | 'end' {
    for (let i = 0; i < VALUES_PER_POLL; i++) {
      const next = iterator.next();
      if (next.done) return 'end';
      this.#emit(next.value, output);
    }
    return 'more';
  }

  #pollAsync(iterator: AsyncIterator<T>, output: ReaderOutput<T>): 'more' | 'wait' | 'end' {
    if (this.#failure) throw this.#failure.error;
    const arrived = this.#arrived;
    this.#arrived = undefined;
    if (arrived?.done) return 'end';
    if (arrived) this.#emit(arrived.value, output);
    if (!this.#pending) this.#request(iterator);
    return 'wait';
  }

  #request(iterator: AsyncIterator<T>): void {
    const settle = (): void => {
      this.#pending = undefined;
    };
    this.#pending = iterator
      .next()
      .then(
        (result) => {
          this.#arrived = result;
        },
        (error: unknown) => {
          this.#failure = { error };
        },
      )
      .then(settle);
  }

  #emit(value: T, output: ReaderOutput<T>): void {
    if (this.#toSkip > 0) {
      this.#toSkip--;
      return;
    }
    this.#taken++;
    output.collect(value);
  }
}

function open<T>(values: Iterable<T> | AsyncIterable<T>): Values<T> {
  return Symbol.asyncIterator in values
    ? { kind: 'async', iterator: values[Symbol.asyncIterator]() }
    : { kind: 'sync', iterator: values[Symbol.iterator]() };
}
