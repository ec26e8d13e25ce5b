// One slot: takes orders from the coordinator, evaluates the program, builds and drives the tasks. Runs in a worker thread, or
// in-process for tests: everything of its surroundings comes in by options.
//   SL1. A slot serves one job. A redeployment evaluates the program again: functions of an earlier attempt are never reused.
//   SL2. Messages that belong to an earlier deployment or an unknown execution are ignored.
import type { Clock } from '../../clock.ts';
import { appError, assert } from '../../errors.ts';
import { describeGraphDifference } from '../../graph/graph-difference.ts';
import type { JobGraph } from '../../graph/job-graph.ts';
import type {
  CoordinatorMessage,
  DeployRequest,
  ProgramDescriptor,
  SlotPort,
  SlotReport,
  SubtaskAddress,
  TaskDeployment,
} from '../messages.ts';
import { CallSites } from '../program/call-sites.ts';
import type { PrintText } from '../program/program-console.ts';
import { serializeError } from '../program/serialize-error.ts';
import type { CheckpointBarrier } from '../stream-event.ts';
import { type DeployedTask, deployTask } from './deploy-task.ts';
import { OutputBuffer } from './output-buffer.ts';
import { mergeLocalValues } from './own-accumulators.ts';
import { SlotChannels } from './slot-channels.ts';
import { SlotLoop } from './slot-loop.ts';

export interface SlotRuntimeOptions {
  readonly port: SlotPort;
  readonly clock: Clock;
  readonly random: () => number;
  /** Evaluates the program once more and gives the graph of its execute number `executeIndex`; `print` takes what its functions print. */
  readonly evaluate: (program: ProgramDescriptor, print: PrintText) => Promise<JobGraph>;
  readonly yieldTurn: () => Promise<void>;
  /** Sleeps until the cell of the slot is woken or a short while passed. Undefined signals: nothing is deployed yet. */
  readonly sleep: (signals: SharedArrayBuffer | undefined, slotIndex: number) => Promise<void>;
  readonly memory: () => Omit<SlotReport, 'utilization'>;
}

/** Records a task may take in one go, between two looks at its mailbox. */
const SLICE_RECORDS = 512;
const DEFAULT_REPORT_INTERVAL_MS = 1000;

export class SlotRuntime {
  readonly loop: SlotLoop;
  readonly #options: SlotRuntimeOptions;
  readonly #output: OutputBuffer;
  readonly #tasks = new Map<string, DeployedTask>();
  /** Cancelled while they were still being built. */
  readonly #cancelledEarly = new Set<string>();
  /** Of tasks that ended, by subtask: they may have to be merged at the end of the job. */
  readonly #endedAccumulators = new Map<string, DeployedTask['accumulators']>();
  #active: readonly DeployedTask[] = [];
  #signals: SharedArrayBuffer | undefined;
  #slotIndex = 0;
  /** Of the program that was deployed last. */
  #callSites: CallSites | undefined;
  #lastBusyMs = 0;
  #lastReportMs: number;
  #reportIntervalMs = DEFAULT_REPORT_INTERVAL_MS;

  constructor(options: SlotRuntimeOptions) {
    this.#options = options;
    this.#output = new OutputBuffer(options.port);
    this.#lastReportMs = options.clock.monotonicMs();
    this.loop = new SlotLoop(
      { round: () => this.#round(), endTurn: () => this.#endTurn() },
      {
        clock: options.clock,
        yieldTurn: options.yieldTurn,
        sleep: () => options.sleep(this.#signals, this.#slotIndex),
      },
    );
    options.port.onMessage((message) => this.#onMessage(message));
    options.port.send({ type: 'ready' });
  }

  close(): void {
    this.loop.close();
    for (const { task } of this.#tasks.values()) task.cancel();
  }

  /** An error of the program that nothing caught, with its place in the program's source: the slot ends by it. */
  describeUncaught(thrown: unknown): Error {
    const error = serializeError(thrown);
    const { message, stack } = this.#callSites?.inSource(error) ?? error;
    return Object.assign(
      new Error(`an error that nothing caught: ${message} (await promises, and catch in callbacks)`),
      { stack },
    );
  }

  #round(): boolean {
    let worked = false;
    for (const { runSlice } of this.#active) if (runSlice(SLICE_RECORDS)) worked = true;
    return worked;
  }

  #endTurn(): void {
    let done = false;
    for (const { task } of this.#active) {
      if (task.isDone) done = true;
      else task.endTurn();
    }
    if (done) this.#forgetDone();
    this.#output.flush();
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#lastReportMs >= this.#reportIntervalMs) this.#report(undefined);
  }

  #forgetDone(): void {
    for (const [id, deployed] of this.#tasks) {
      if (!deployed.task.isDone) continue;
      this.#tasks.delete(id);
      if (deployed.accumulators.size > 0) this.#endedAccumulators.set(subtaskKey(deployed), deployed.accumulators);
    }
    this.#active = [...this.#tasks.values()];
  }

  #onMessage(message: CoordinatorMessage): void {
    switch (message.type) {
      case 'deploy':
        void this.#deploy(message);
        break;
      case 'trigger-checkpoint':
        this.#trigger({ type: 'barrier', ...pick(message) });
        break;
      case 'notify-complete':
        for (const { task } of this.#active) task.notifyCheckpointComplete(message.checkpointId);
        break;
      case 'notify-aborted':
        for (const { task } of this.#active) task.notifyCheckpointAborted(message.checkpointId);
        break;
      case 'cancel':
        for (const id of message.executionIds) this.#cancel(id);
        break;
      case 'splits-agreed':
        this.#tasks.get(message.executionId)?.onSplitsAgreed(message.operatorId, message);
        break;
      case 'group-watermark':
        this.#tasks.get(message.executionId)?.onGroupWatermark(message.operatorId, message.watermarkMs);
        break;
      case 'merge-accumulator':
        this.#mergeAccumulator(message);
        break;
      case 'report':
        this.#report(message.requestId);
        break;
    }
  }

  #trigger(barrier: CheckpointBarrier): void {
    for (const { task } of this.#active) task.triggerCheckpoint(barrier);
  }

  #cancel(executionId: string): void {
    const deployed = this.#tasks.get(executionId);
    if (deployed) deployed.task.cancel();
    else this.#cancelledEarly.add(executionId);
  }

  async #deploy(request: DeployRequest): Promise<void> {
    const callSites = new CallSites(request.program.bundlePath);
    this.#callSites = callSites;
    try {
      const graph = await this.#evaluate(request);
      this.#signals = request.signals;
      this.#slotIndex = slotIndexOf(request);
      this.#reportIntervalMs = request.reportIntervalMs ?? DEFAULT_REPORT_INTERVAL_MS;
      const channels = new SlotChannels(request, graph, this.#slotIndex, this.#options.random);
      await Promise.all(request.tasks.map((deployment) => this.#deployTask(request, graph, channels, deployment)));
    } catch (error) {
      const inSource = callSites.inSource(serializeError(error));
      this.#options.port.send({ type: 'deploy-failed', deployment: request.deployment, error: inSource });
    }
  }

  async #evaluate(request: DeployRequest): Promise<JobGraph> {
    const graph = await this.#options.evaluate(request.program, (stream, text) => this.#output.print(stream, text));
    if (graph.hash !== request.graphHash) {
      throw appError('PROGRAM_NOT_DETERMINISTIC', [describeGraphDifference(request.graphHash, graph)]);
    }
    const vertices = graph.vertices.map((vertex) => ({
      ...vertex,
      maxParallelism: request.maxParallelism[vertex.id] ?? vertex.maxParallelism,
    }));
    return { ...graph, vertices };
  }

  async #deployTask(
    request: DeployRequest,
    graph: JobGraph,
    channels: SlotChannels,
    deployment: TaskDeployment,
  ): Promise<void> {
    const { executionId } = deployment;
    const deployed = deployTask({
      request,
      deployment,
      graph,
      channels,
      port: this.#options.port,
      output: this.#output,
      clock: this.#options.clock,
      random: this.#options.random,
    });
    this.#tasks.set(executionId, deployed);
    this.#active = [...this.#tasks.values()];
    if (this.#cancelledEarly.delete(executionId)) deployed.task.cancel();
    await deployed.started;
  }

  #mergeAccumulator(message: Extract<CoordinatorMessage, { type: 'merge-accumulator' }>): void {
    const { requestId, name, values } = message;
    const { port } = this.#options;
    try {
      const accumulator = this.#accumulatorsOf(message)?.get(name);
      assert(accumulator, `the slot has accumulator ${name} of ${subtaskKey(message)}`);
      port.send({ type: 'accumulator-merged', requestId, value: mergeLocalValues(accumulator, values) });
    } catch (error) {
      port.send({ type: 'accumulator-merged', requestId, error: serializeError(error) });
    }
  }

  #accumulatorsOf(subtask: SubtaskAddress): DeployedTask['accumulators'] | undefined {
    const deployed = [...this.#tasks.values()].find((candidate) => subtaskKey(candidate) === subtaskKey(subtask));
    return deployed?.accumulators ?? this.#endedAccumulators.get(subtaskKey(subtask));
  }

  #report(requestId: number | undefined): void {
    const nowMs = this.#options.clock.monotonicMs();
    const elapsedMs = Math.max(1, nowMs - this.#lastReportMs);
    const utilization = Math.min(1, (this.loop.busyMs - this.#lastBusyMs) / elapsedMs);
    this.#lastReportMs = nowMs;
    this.#lastBusyMs = this.loop.busyMs;
    this.#options.port.send({
      type: 'reports',
      requestId,
      reports: this.#active.map((deployed) => deployed.report()),
      slot: { ...this.#options.memory(), utilization },
    });
  }
}

function pick(message: Extract<CoordinatorMessage, { type: 'trigger-checkpoint' }>): Omit<CheckpointBarrier, 'type'> {
  return { checkpointId: message.checkpointId, timestampMs: message.timestampMs, options: message.options };
}

function subtaskKey({ vertexId, subtaskIndex }: SubtaskAddress): string {
  return `${vertexId}/${subtaskIndex}`;
}

function slotIndexOf(request: DeployRequest): number {
  const [first] = request.tasks;
  return first ? (request.placement[first.vertexId]?.[first.subtaskIndex] ?? 0) : 0;
}
