// Runs one operator by hand: elements, watermarks and time go in as the test says, output comes out, and at any moment its
// state can be taken and restored into a new harness, also at another parallelism. No cluster, no threads.
//   OH1. Elements enter one at a time, with the current key set, as in the engine's task; while the operator waits for a
//        promise nothing may enter: await settle() first.
//   OH2. State goes through the real backends and serializers, so what restores here restores in a cluster.
import type { TypeInformation } from '@yeoul/engine';
import {
  type ChainedOperator,
  createKeyedStateBackend,
  createOperator,
  createOperatorStateBackend,
  type ExecutionConfigData,
  keyGroupRangeOf,
  type OperatorBackends,
  OperatorRuntimeContext,
  type StreamOperator,
  type SubtaskRestore,
  TaskOperatorContext,
} from '@yeoul/engine/harness';
import { FakeClock } from './fake-clock.ts';
import { HarnessTask } from './harness-task.ts';
import { MemoryStateFiles } from './memory-state-files.ts';
import { HARNESS_OPERATOR_ID, type OperatorSnapshot, restoreOf } from './operator-snapshot.ts';
import {
  type GivenOperator,
  type KeySelectorOfHarness,
  type OperatorUnderTest,
  toOperatorUnderTest,
} from './operator-under-test.ts';
import { RecordedMetrics } from './recorded-metrics.ts';
import { type OutputElement, RecordedOutput, type SideRecord } from './recorded-output.ts';

/** Flink's default for small jobs. */
const DEFAULT_MAX_PARALLELISM = 128;
/** Long enough to write any test's state at once, ms. */
const SNAPSHOT_BUDGET_MS = 60_000;

/** About a millisecond each. */
const MAX_TURNS = 2000;

export interface OperatorHarnessOptions {
  /** A stream built with the DataStream API (its last operator is run), an operator spec, or a function that makes one. */
  readonly operator: GivenOperator;
  /** Key of each input, for specs; a built stream brings its own. */
  readonly keys?: readonly (KeySelectorOfHarness | undefined)[] | undefined;
  readonly clock?: FakeClock | undefined;
  readonly parallelism?: number | undefined;
  readonly subtask?: number | undefined;
  readonly maxParallelism?: number | undefined;
  readonly attemptNumber?: number | undefined;
  readonly restore?: OperatorSnapshot | undefined;
  readonly execution?: Partial<ExecutionConfigData> | undefined;
  /** Where keyed state is; 'disk' needs an empty directory of its own, absolute. Default: heap. */
  readonly stateBackend?:
    | { readonly kind: 'heap' }
    | { readonly kind: 'disk'; readonly workDirectory: string }
    | undefined;
  /** Does the operator's output have room? Default: always. */
  readonly isOutputAvailable?: (() => boolean) | undefined;
}

const defaultExecution: ExecutionConfigData = {
  parallelism: 1,
  maxParallelism: undefined,
  objectReuse: false,
  autoWatermarkIntervalMs: 200,
  latencyTrackingIntervalMs: 0,
  bufferTimeoutMs: 100,
  globalJobParameters: {},
  restartStrategy: undefined,
  stateBackend: undefined,
  executionMode: 'PIPELINED',
};

export abstract class OperatorHarness<O = unknown> {
  readonly clock: FakeClock;
  readonly metrics = new RecordedMetrics();
  protected readonly task: HarnessTask;
  protected readonly underTest: OperatorUnderTest;
  readonly #output: RecordedOutput;
  readonly #options: OperatorHarnessOptions;
  readonly #restore: SubtaskRestore | undefined;
  readonly #maxParallelism: number;
  readonly #parallelism: number;
  readonly #subtask: number;
  #backends: OperatorBackends | undefined;
  #context: TaskOperatorContext | undefined;
  #operator: StreamOperator | undefined;

  protected constructor(options: OperatorHarnessOptions) {
    this.#options = options;
    this.clock = options.clock ?? new FakeClock();
    this.underTest = toOperatorUnderTest(options.operator, options.keys);
    this.#parallelism = options.parallelism ?? 1;
    this.#subtask = options.subtask ?? 0;
    this.#maxParallelism = options.restore?.maxParallelism ?? options.maxParallelism ?? DEFAULT_MAX_PARALLELISM;
    this.#restore = options.restore && restoreOf(options.restore, this.#parallelism, this.#subtask);
    this.task = new HarnessTask(this.clock, { ...defaultExecution, ...options.execution });
    if (options.isOutputAvailable) this.task.setOutputAvailable(options.isOutputAvailable);
    this.#output = new RecordedOutput(this.task.cell);
  }

  protected get operator(): StreamOperator {
    if (this.#operator === undefined) throw new Error('The harness is not open');
    return this.#operator;
  }

  /** Restores backends, makes, initialises and opens the operator: what the engine does before the first element. */
  protected async start(): Promise<this> {
    const backends = await this.#openBackends();
    this.#backends = backends;
    const runtime = this.#createRuntimeContext(backends);
    this.#context = new TaskOperatorContext(this.task, this.#describeOperator(), this.#output, runtime, backends);
    this.#operator = createOperator(this.underTest.spec, this.#context);
    await this.#operator.initializeState?.({
      isRestored: this.#restore !== undefined,
      restoredCheckpointId: this.#restore?.checkpointId,
    });
    await this.#operator.open?.();
    this.task.runPending();
    return this;
  }

  /** Processing time moves on; due timers fire on the way. */
  setProcessingTime(timeMs: number): void {
    this.clock.advanceTo(timeMs);
    this.task.runPending();
  }

  /** Lets promises of the operator settle. */
  settle(): Promise<void> {
    return this.task.settle();
  }

  /** Waits until the operator takes elements again. Fails when it waits for something that only the test can bring. */
  async unblocked(): Promise<void> {
    for (let turn = 0; this.task.isBlocked; turn += 1) {
      if (turn > MAX_TURNS)
        throw new Error('The operator did not come to rest: complete what it waits for, or make room');
      await this.task.settle();
      if (this.task.isBlocked) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  get isBlocked(): boolean {
    return this.task.isBlocked;
  }

  /** @param isAvailable false from it: a full channel, sliced work stops; true again: it goes on at the next call */
  setOutputAvailable(isAvailable: () => boolean): void {
    this.task.setOutputAvailable(isAvailable);
    this.task.runPending();
  }

  /** Everything emitted since the last take, events included. */
  takeOutput(): OutputElement<O>[] {
    return this.#output.take() as OutputElement<O>[];
  }

  /** Values emitted since the last take. */
  takeValues(): O[] {
    return this.takeOutput().flatMap((element) => (element.kind === 'record' ? [element.value] : []));
  }

  takeSideOutput<T>(tag: string | { readonly id: string }): SideRecord<T>[] {
    return this.#output.takeSide(typeof tag === 'string' ? tag : tag.id) as SideRecord<T>[];
  }

  /** Entries of keyed state, timers not counted. */
  get stateEntryCount(): number {
    return this.#openedBackends().keyed?.statistics().entries ?? 0;
  }

  /** Lines that a print sink wrote. */
  get printed(): HarnessTask['printed'] {
    return this.task.printed;
  }

  /** Messages that a collect sink sent. */
  get collected(): HarnessTask['collected'] {
    return this.task.collected;
  }

  /** Takes the operator's state as a barrier would. Waits for sliced work and for what the operator waits for. */
  async snapshot(checkpointId = 1): Promise<OperatorSnapshot> {
    await this.unblocked();
    await this.task.settleUntil(this.operator.prepareSnapshotPreBarrier?.(checkpointId));
    await this.unblocked();
    const checkpointTimestampMs = this.clock.nowMs();
    await this.operator.snapshotState?.({ checkpointId, checkpointTimestampMs, isSavepoint: false });
    const { keyed, operator } = this.#openedBackends();
    const files = new MemoryStateFiles();
    const run = keyed?.snapshot(checkpointId, files);
    const operatorHandle = await operator.snapshot(checkpointId, files);
    while (run !== undefined && !run.step(SNAPSHOT_BUDGET_MS));
    const subtask = {
      index: this.#subtask,
      keyed: (await run?.finish()) ?? [],
      operator: operatorHandle === undefined ? [] : [operatorHandle],
    };
    return { checkpointId, parallelism: this.#parallelism, maxParallelism: this.#maxParallelism, subtasks: [subtask] };
  }

  async notifyCheckpointComplete(checkpointId: number): Promise<void> {
    this.#openedBackends().keyed?.notifyCheckpointComplete(checkpointId);
    await this.task.settleUntil(this.operator.notifyCheckpointComplete?.(checkpointId));
  }

  async notifyCheckpointAborted(checkpointId: number): Promise<void> {
    this.#openedBackends().keyed?.notifyCheckpointAborted(checkpointId);
    await this.task.settleUntil(this.operator.notifyCheckpointAborted?.(checkpointId));
  }

  async close(): Promise<void> {
    this.#context?.closeTimers();
    this.task.close();
    await this.#operator?.close?.();
    await this.#backends?.keyed?.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Hands in one element or event; nothing may be under way. */
  protected enter(action: () => void): void {
    if (this.task.isBlocked) throw new Error('The operator is waiting: await settle() before the next element');
    action();
    this.task.runPending();
  }

  protected setCurrentKey(input: number, value: unknown): void {
    const key = this.underTest.keys[input];
    if (key !== undefined) this.#openedBackends().keyed?.setCurrentKey(key.selector(value as never));
  }

  protected async finishOperator(): Promise<void> {
    await this.unblocked();
    await this.task.settleUntil(this.operator.finish?.());
    await this.unblocked();
  }

  #openedBackends(): OperatorBackends {
    if (this.#backends === undefined) throw new Error('The harness is not open');
    return this.#backends;
  }

  async #openBackends(): Promise<OperatorBackends> {
    const state = this.#restore?.operators[0];
    const keyType = this.underTest.keys.find((key) => key !== undefined)?.type;
    const isKeyed = this.underTest.keys.some((key) => key !== undefined);
    const keyed = isKeyed ? this.#createKeyedBackend(keyType) : undefined;
    const operator = createOperatorStateBackend();
    await keyed?.restore(state?.keyed ?? []);
    await operator.restore(state?.operator ?? []);
    return { keyed, operator };
  }

  #createKeyedBackend(keyType: TypeInformation | undefined) {
    const { stateBackend } = this.#options;
    return createKeyedStateBackend({
      kind: stateBackend?.kind ?? 'heap',
      keyType,
      keyGroupRange: keyGroupRangeOf(this.#maxParallelism, this.#parallelism, this.#subtask),
      maxParallelism: this.#maxParallelism,
      workDirectory: stateBackend?.kind === 'disk' ? stateBackend.workDirectory : '',
      nowMs: () => this.clock.nowMs(),
      monotonicMs: () => this.clock.monotonicMs(),
    });
  }

  #createRuntimeContext(backends: OperatorBackends): OperatorRuntimeContext {
    const info = {
      jobId: HARNESS_OPERATOR_ID,
      jobName: 'harness',
      taskName: this.underTest.name,
      operatorId: HARNESS_OPERATOR_ID,
      operatorName: this.underTest.name,
      indexOfThisSubtask: this.#subtask,
      numberOfParallelSubtasks: this.#parallelism,
      maxNumberOfParallelSubtasks: this.#maxParallelism,
      attemptNumber: this.#options.attemptNumber ?? 0,
      globalJobParameters: this.task.execution.globalJobParameters,
      metricGroup: this.metrics,
    };
    return new OperatorRuntimeContext(info, backends.keyed, new Map());
  }

  #describeOperator(): ChainedOperator {
    const { spec, name, keys, inputTypes, outputType } = this.underTest;
    return {
      nodeId: 1,
      operatorId: HARNESS_OPERATOR_ID,
      name,
      uid: undefined,
      spec,
      inputKeys: keys,
      inputTypes,
      outputType,
      chainedOutputs: [],
    };
  }
}
