// A small job around a file sink: subtasks with records of their own, checkpoints, failures, restores at any parallelism; the part of
// the coordinator is played by hand, so that a test may stop between any two steps of it.
import type { ListState, RuntimeContext, SinkContext } from '@yeoul/engine';
import type { FileSink } from '../../src/files/index.ts';

interface SubtaskSnapshot {
  /** Elements of the sink's list state. */
  readonly elements: unknown[];
}

export interface JobCheckpoint {
  readonly id: number;
  /** Records taken when it was made. */
  readonly position: number;
  readonly subtasks: readonly SubtaskSnapshot[];
}

interface Subtask {
  readonly sink: FileSink<string>;
  readonly state: ListState<unknown> & { elements: unknown[] };
}

export interface SinkJobOptions {
  readonly createSink: () => FileSink<string>;
  readonly jobId: string;
  readonly parallelism: number;
  readonly restore: JobCheckpoint | undefined;
  readonly nowMs: () => number;
}

/** Record i goes to subtask i modulo parallelism. */
export class SinkJob {
  readonly #options: SinkJobOptions;
  readonly #subtasks: Subtask[] = [];
  position: number;

  private constructor(options: SinkJobOptions) {
    this.#options = options;
    this.position = options.restore?.position ?? 0;
  }

  static async start(options: SinkJobOptions): Promise<SinkJob> {
    const job = new SinkJob(options);
    for (let index = 0; index < options.parallelism; index++) await job.#open(index);
    return job;
  }

  async write(record: string): Promise<void> {
    const subtask = this.#subtasks[this.position % this.#options.parallelism] as Subtask;
    const { nowMs } = this.#options;
    const context: SinkContext = {
      currentProcessingTime: nowMs,
      currentWatermark: () => 0,
      timestamp: () => undefined,
    };
    await subtask.sink.invoke(record, context);
    this.position += 1;
  }

  /** Snapshots all subtasks and waits until their state is durable: the caller decides whether the checkpoint completes. */
  async snapshot(id: number): Promise<JobCheckpoint> {
    const subtasks: SubtaskSnapshot[] = [];
    for (const { sink, state } of this.#subtasks) {
      await sink.snapshotState({ checkpointId: id, checkpointTimestampMs: this.#options.nowMs() });
      subtasks.push({ elements: structuredClone(state.elements) });
    }
    return { id, position: this.position, subtasks };
  }

  async notifyComplete(id: number): Promise<void> {
    for (const { sink } of this.#subtasks) await sink.notifyCheckpointComplete(id);
  }

  async finish(): Promise<void> {
    for (const { sink } of this.#subtasks) await sink.finish();
  }

  async close(): Promise<void> {
    for (const { sink } of this.#subtasks) await sink.close();
  }

  async #open(index: number): Promise<void> {
    const { createSink, jobId, parallelism, restore } = this.#options;
    const sink = createSink();
    const state = createListState(restore === undefined ? [] : dealElements(restore, parallelism, index));
    sink.setRuntimeContext({
      jobId,
      operatorId: 'sink',
      indexOfThisSubtask: index,
      numberOfParallelSubtasks: parallelism,
      attemptNumber: 0,
    } as RuntimeContext);
    this.#subtasks.push({ sink, state });
    await sink.initializeState({
      isRestored: restore !== undefined,
      restoredCheckpointId: restore?.id,
      operatorStateStore: { getListState: () => state } as never,
      currentProcessingTime: () => 0,
      warn: () => {},
    });
  }
}

/** As the engine deals out split list state: each its own at the same parallelism, else contiguous runs. */
function dealElements({ subtasks }: JobCheckpoint, parallelism: number, index: number): unknown[] {
  if (subtasks.length === parallelism) return structuredClone(subtasks[index]?.elements ?? []);
  const all = subtasks.flatMap((subtask) => subtask.elements);
  return structuredClone(all.filter((_, i) => Math.floor((i * parallelism) / all.length) === index));
}

function createListState(elements: unknown[]): Subtask['state'] {
  const state = {
    elements,
    get: () => state.elements,
    update: (values: Iterable<unknown>) => {
      state.elements = [...values];
    },
    add: (value: unknown) => state.elements.push(value),
    addAll: (values: Iterable<unknown>) => state.elements.push(...values),
    clear: () => {
      state.elements = [];
    },
  };
  return state as Subtask['state'];
}
