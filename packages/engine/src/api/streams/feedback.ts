// The way back of an iteration: what its end takes comes out at its begin, in the same subtask, by memory. Both are operators of one
// evaluation of the program, and run in one slot: subtask i of each is in slot i of the default slot sharing group.
//   F1. Records come out in the order in which they went in, with their timestamps.
//   F2. At most `feedback.max-records` wait; one more fails the job. Waiting for room would stop the loop for ever.
//   F3. The begin ends when it has waited maxWaitMs without a record; without that it never ends.
import { appError } from '../../errors.ts';
import { RichFunction, type RuntimeContext } from '../functions.ts';
import type { SinkContext } from '../process-context.ts';
import { Boundedness, type ReaderOutput, type Source, type SourceReader, type SourceReaderContext } from '../source.ts';
import type { SinkFunction } from '../user-functions.ts';
import { Watermark } from '../watermark.ts';

/** feedback.max-records. Flink holds one, and stops when the loop is longer; this is some 100 MiB of small records. */
const MAX_WAITING_RECORDS = 1_000_000;

interface TimedRecord<T> {
  readonly value: T;
  /** NaN: none. */
  readonly timestampMs: number;
}

class FeedbackQueue<T> {
  #records: TimedRecord<T>[] = [];
  #next = 0;
  #wake: (() => void) | undefined;

  push(record: TimedRecord<T>): void {
    if (this.#records.length - this.#next >= MAX_WAITING_RECORDS) {
      throw appError('FEEDBACK_LIMIT', [MAX_WAITING_RECORDS]);
    }
    this.#records.push(record);
    this.wake();
  }

  shift(): TimedRecord<T> | undefined {
    const record = this.#records[this.#next];
    if (record === undefined) return undefined;
    this.#next += 1;
    if (this.#next === this.#records.length) {
      this.#records = [];
      this.#next = 0;
    }
    return record;
  }

  /** Resolves when there is a record, or at wake(). */
  whenFilled(): Promise<void> {
    if (this.#next < this.#records.length) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** One per iteration and evaluation of the program. */
export class Feedback<T> {
  readonly #queues = new Map<number, FeedbackQueue<T>>();

  queueOf(subtask: number): FeedbackQueue<T> {
    const queue = this.#queues.get(subtask) ?? new FeedbackQueue<T>();
    this.#queues.set(subtask, queue);
    return queue;
  }
}

/** Takes records at the end of the loop. */
export class FeedbackSink<T> extends RichFunction implements SinkFunction<T> {
  readonly #feedback: Feedback<T>;
  #queue: FeedbackQueue<T> | undefined;

  constructor(feedback: Feedback<T>) {
    super();
    this.#feedback = feedback;
  }

  override open(context: RuntimeContext): void {
    this.#queue = this.#feedback.queueOf(context.indexOfThisSubtask);
  }

  invoke(value: T, context: SinkContext): void {
    this.#queue?.push({ value, timestampMs: context.timestamp() ?? Number.NaN });
  }
}

/** Gives them out at its begin. */
export class FeedbackSource<T> implements Source<T, never> {
  readonly boundedness = Boundedness.Bounded;
  readonly #feedback: Feedback<T>;
  readonly #maxWaitMs: number;

  /** @param maxWaitMs 0: for ever */
  constructor(feedback: Feedback<T>, maxWaitMs: number) {
    this.#feedback = feedback;
    this.#maxWaitMs = maxWaitMs;
  }

  enumerateSplits(): never[] {
    return [];
  }

  splitId(): string {
    return '';
  }

  createReader(context: SourceReaderContext): SourceReader<T, never> {
    return new FeedbackReader(this.#feedback.queueOf(context.indexOfThisSubtask), this.#maxWaitMs, context);
  }
}

class FeedbackReader<T> implements SourceReader<T, never> {
  readonly #queue: FeedbackQueue<T>;
  readonly #maxWaitMs: number;
  readonly #context: SourceReaderContext;
  #deadlineMs: number;
  #begun = false;
  #timer: Promise<void> | undefined;

  constructor(queue: FeedbackQueue<T>, maxWaitMs: number, context: SourceReaderContext) {
    this.#queue = queue;
    this.#maxWaitMs = maxWaitMs;
    this.#context = context;
    this.#deadlineMs = context.currentProcessingTime() + maxWaitMs;
  }

  pollNext(output: ReaderOutput<T>): 'more' | 'wait' | 'end' {
    if (!this.#begun) {
      // Event time must not wait for the loop, which waits for event time (Flink, StreamIterationHead).
      this.#begun = true;
      output.emitWatermark(Watermark.MAX_WATERMARK);
    }
    const record = this.#queue.shift();
    const nowMs = this.#context.currentProcessingTime();
    if (record === undefined) return this.#maxWaitMs > 0 && nowMs >= this.#deadlineMs ? 'end' : 'wait';
    this.#deadlineMs = nowMs + this.#maxWaitMs;
    output.collectWithTimestamp(record.value, record.timestampMs);
    return 'more';
  }

  isAvailable(): Promise<void> {
    const filled = this.#queue.whenFilled();
    return this.#maxWaitMs === 0 ? filled : Promise.race([filled, this.#whenDue()]);
  }

  snapshotState(): never[] {
    return [];
  }

  addSplits(): void {}

  close(): void {
    this.#queue.wake();
  }

  /** One timer at a time: the deadline moves with every record. */
  #whenDue(): Promise<void> {
    this.#timer ??= this.#context.waitUntil(this.#deadlineMs).then(() => {
      this.#timer = undefined;
    });
    return this.#timer;
  }
}
