// Asynchronous I/O: starts a request per element, emits its results when they come, and keeps what is in flight in state.
//   Z1. At most `capacity` requests are under way; the task takes no element while that many did not leave.
//   Z2. Results are emitted from the mailbox only, with the timestamp of their element.
//   Z3. A checkpoint holds the elements in flight; after a restore they are asked for again, in their order. Watermarks are
//       not kept: the sources send them again.

import type { ResultFuture } from '../../../api/async-function.ts';
import { type ListState, ListStateDescriptor } from '../../../api/state.ts';
import { type TypeInformation, Types } from '../../../api/type-information.ts';
import { appError, toError } from '../../../errors.ts';
import type { AsyncWaitSpec } from '../../../graph/operator-spec.ts';
import { LifecycleOperator } from '../lifecycle-operator.ts';
import { createInput } from '../operator-input.ts';
import type { OperatorContext, OperatorInput, OperatorSnapshotContext, StreamOperator } from '../stream-operator.ts';
import { type AsyncEntry, AsyncQueue } from './async-queue.ts';

/** Flink's name of this state. */
const STATE_NAME = '_async_wait_operator_state_';

interface SavedElement {
  readonly timestampMs: number;
  readonly value: unknown;
}

export class AsyncWaitOperator extends LifecycleOperator {
  readonly inputs: readonly OperatorInput[];
  readonly #spec: AsyncWaitSpec;
  readonly #queue: AsyncQueue;
  readonly #state: ListState<SavedElement>;
  /** Arrived while `capacity` requests were under way; started when one leaves. */
  readonly #waiting: AsyncEntry[] = [];
  /** Started elements, earliest deadline first. */
  readonly #deadlines: AsyncEntry[] = [];
  #underWay = 0;
  #timer: { cancel(): void } | undefined;
  #drainQueued = false;
  #closed = false;
  /** Those who wait until something left. */
  #onLeave: (() => void)[] = [];

  constructor(spec: AsyncWaitSpec, context: OperatorContext) {
    super(spec.rich, context);
    this.#spec = spec;
    this.#queue = new AsyncQueue(spec.outputMode === 'ordered');
    this.#state = context.operatorState.getListState(new ListStateDescriptor(STATE_NAME, savedType(context)));
    this.inputs = [this.#createInput()];
  }

  override async open(): Promise<void> {
    await super.open();
    for (const { value, timestampMs } of this.#state.get()) this.#submit(value, timestampMs);
    this.#state.clear();
  }

  override snapshotState(snapshot: OperatorSnapshotContext): void | Promise<void> {
    const inFlight = [...this.#queue.elements()];
    this.#state.update(inFlight.map(({ value, timestampMs }) => ({ timestampMs, value })));
    return super.snapshotState(snapshot);
  }

  /** Waits until everything in flight has left; results go on leaving through the mailbox. */
  async endInput(): Promise<void> {
    while (!this.#queue.isEmpty && !this.#closed) await this.#whenSomethingLeaves();
  }

  override close(): void | Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    this.#notifyLeave();
    return super.close();
  }

  #processElement(value: unknown): void {
    this.#submit(value, this.context.cell.timestampMs);
    if (this.#queue.size >= this.#spec.capacity) this.context.suspendInputUntil(this.#whenRoom());
  }

  #submit(value: unknown, timestampMs: number): void {
    const entry: AsyncEntry = { value, timestampMs, results: undefined, started: false, deadlineMs: Infinity };
    this.#queue.add(entry);
    if (this.#underWay < this.#spec.capacity) this.#start(entry);
    else this.#waiting.push(entry);
  }

  #start(entry: AsyncEntry): void {
    entry.started = true;
    this.#underWay += 1;
    if (this.#spec.timeoutMs > 0) this.#watchDeadline(entry);
    const future = this.#futureOf(entry);
    try {
      const pending = this.#spec.fn(entry.value, future);
      if (pending !== undefined) pending.catch((error: unknown) => future.completeExceptionally(error));
    } catch (error) {
      future.completeExceptionally(error);
    }
  }

  #futureOf(entry: AsyncEntry): ResultFuture<unknown> {
    let open = true;
    return {
      complete: (results) => {
        if (!open) return;
        open = false;
        this.#complete(entry, results);
      },
      completeExceptionally: (error) => {
        if (!open) return;
        open = false;
        if (!this.#closed) this.context.fail(toError(error));
      },
    };
  }

  #complete(entry: AsyncEntry, results: Iterable<unknown>): void {
    if (this.#closed || entry.results !== undefined) return;
    entry.results = results;
    this.#queue.markCompleted(entry);
    this.#enqueueDrain();
  }

  #enqueueDrain(): void {
    if (this.#drainQueued) return;
    this.#drainQueued = true;
    this.context.enqueue(() => this.#drain());
  }

  /** Until nothing is ready, or what comes next in the chain must wait. */
  #drain(): void {
    this.#drainQueued = false;
    if (this.#closed) return;
    for (let ready = this.#queue.takeReady(); ready !== undefined; ready = this.#queue.takeReady()) {
      if (ready.kind === 'fence') ready.action();
      else this.#leave(ready.entry);
      if (!this.context.mayEmit()) {
        this.#enqueueDrain();
        break;
      }
    }
    this.#notifyLeave();
  }

  #leave(entry: AsyncEntry): void {
    this.#underWay -= 1;
    const { cell, output } = this.context;
    const previousMs = cell.timestampMs;
    for (const result of entry.results!) {
      cell.timestampMs = entry.timestampMs;
      output.collect(result);
    }
    cell.timestampMs = previousMs;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#start(next);
  }

  /** All timeouts are equal, so elements time out in the order they started: one timer for the first of them. */
  #watchDeadline(entry: AsyncEntry): void {
    entry.deadlineMs = this.context.clock.nowMs() + this.#spec.timeoutMs;
    this.#deadlines.push(entry);
    if (this.#timer === undefined) this.#scheduleTimeout(entry.deadlineMs);
  }

  /** By the clock and the mailbox: ordinary callbacks wait while the task is suspended, as it is when the queue is full. */
  #scheduleTimeout(atMs: number): void {
    this.#timer = this.context.clock.schedule(atMs, () => this.context.enqueue(() => this.#onTimeout()));
  }

  #onTimeout(): void {
    this.#timer = undefined;
    if (this.#closed) return;
    const nowMs = this.context.clock.nowMs();
    while (this.#deadlines.length > 0) {
      const entry = this.#deadlines[0]!;
      if (entry.results === undefined && entry.deadlineMs > nowMs) {
        this.#scheduleTimeout(entry.deadlineMs);
        return;
      }
      this.#deadlines.shift();
      if (entry.results === undefined) this.#timeOut(entry);
    }
  }

  #timeOut(entry: AsyncEntry): void {
    const { onTimeout, timeoutMs } = this.#spec;
    if (onTimeout === undefined) {
      this.context.fail(appError('ASYNC_TIMEOUT', [this.context.operator.name, timeoutMs]));
      return;
    }
    onTimeout(entry.value, this.#futureOf(entry));
  }

  async #whenRoom(): Promise<void> {
    while (this.#queue.size >= this.#spec.capacity && !this.#closed) await this.#whenSomethingLeaves();
  }

  #whenSomethingLeaves(): Promise<void> {
    return new Promise((resolve) => this.#onLeave.push(resolve));
  }

  #notifyLeave(): void {
    const waiters = this.#onLeave;
    this.#onLeave = [];
    for (const resolve of waiters) resolve();
  }

  #createInput(): OperatorInput {
    const input = createInput(this.context, (value) => this.#processElement(value));
    const behindElements = (action: () => void): void => {
      if (this.#queue.isEmpty) action();
      else this.#queue.addFence(action);
    };
    return {
      ...input,
      processWatermark: (timestampMs) => behindElements(() => input.processWatermark(timestampMs)),
      processStatus: (idle) => behindElements(() => input.processStatus(idle)),
    };
  }
}

function savedType(context: OperatorContext): TypeInformation<SavedElement> | undefined {
  const valueType = context.operator.inputTypes[0];
  if (valueType === undefined) return undefined;
  return Types.row({ timestampMs: Types.double, value: valueType }) as TypeInformation<SavedElement>;
}

export function createAsyncWaitOperator(spec: AsyncWaitSpec, context: OperatorContext): StreamOperator {
  return new AsyncWaitOperator(spec, context);
}
