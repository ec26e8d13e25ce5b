// Builds one task of a deployment: backends restored first, then the chain with its channels, then the task starts.
import { join } from 'node:path';
import type { Accumulator } from '../../api/accumulators.ts';
import { FsStateFileFactory } from '../../checkpoint/fs-state-file-factory.ts';
import type { OperatorSubtaskState } from '../../checkpoint/state-handles.ts';
import type { Clock } from '../../clock.ts';
import { assert } from '../../errors.ts';
import type { ChainedOperator, JobGraph, JobVertex } from '../../graph/job-graph.ts';
import { SlotMetricGroup } from '../../metrics/metric-group.ts';
import { computeKeyGroupRange, createKeyedStateBackend, createOperatorStateBackend } from '../../state/index.ts';
import { compileTaskEntry } from '../diagnostics/task-entry.ts';
import type { AgreedSplits, DeployRequest, SlotPort, SubtaskAddress, TaskDeployment, TaskReport } from '../messages.ts';
import { createOperator } from '../operators/create-operator.ts';
import type { StreamOperator } from '../operators/stream-operator.ts';
import { CallSites } from '../program/call-sites.ts';
import { serializeError } from '../program/serialize-error.ts';
import type { CheckpointBarrier } from '../stream-event.ts';
import { buildOperatorChain, type ChainLink } from '../task/operator-chain.ts';
import { Task, type TaskLink, type TaskListener } from '../task/task.ts';
import { type OperatorBackends, TaskOperatorContext, type TaskServices } from '../task/task-operator-context.ts';
import type { OutputBuffer } from './output-buffer.ts';
import { isOwnAccumulator } from './own-accumulators.ts';
import { RateMeter } from './rate-meter.ts';
import { type AccumulatorMap, OperatorRuntimeContext } from './runtime-context.ts';
import type { SlotChannels } from './slot-channels.ts';
import { SplitRequests } from './split-requests.ts';
import { operatorNumbers, taskNumbers } from './task-report.ts';

export interface DeployTaskOptions {
  readonly request: DeployRequest;
  readonly deployment: TaskDeployment;
  readonly graph: JobGraph;
  readonly channels: SlotChannels;
  readonly port: SlotPort;
  readonly output: OutputBuffer;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface DeployedTask extends SubtaskAddress {
  readonly task: Task;
  /** task.runSlice, told apart in stacks. */
  readonly runSlice: (maxRecords: number) => boolean;
  /** Settles when the task runs or has failed to start; never rejects. */
  readonly started: Promise<void>;
  readonly accumulators: ReadonlyMap<string, Accumulator<unknown, unknown>>;
  report(): TaskReport;
  onSplitsAgreed(operatorId: string, agreed: AgreedSplits): void;
  onGroupWatermark(operatorId: string, watermarkMs: number): void;
}

export function deployTask(options: DeployTaskOptions): DeployedTask {
  return new TaskDeployer(options).deploy();
}

class TaskDeployer {
  readonly #options: DeployTaskOptions;
  readonly #vertex: JobVertex;
  readonly #accumulators: AccumulatorMap = new Map();
  readonly #metrics = new Map<string, SlotMetricGroup>();
  readonly #rates: RateMeter;
  readonly #splits: SplitRequests;
  /** By operator: who wants to hear of the watermark of its group. */
  readonly #alignments = new Map<string, (watermarkMs: number) => void>();
  readonly #task: Task;

  constructor(options: DeployTaskOptions) {
    this.#options = options;
    const vertex = options.graph.vertices.find((v) => v.id === options.deployment.vertexId);
    assert(vertex, `vertex ${options.deployment.vertexId} of the deployment is in the graph`);
    this.#vertex = vertex;
    this.#rates = new RateMeter(() => options.clock.monotonicMs());
    const { restore, executionId } = options.deployment;
    this.#splits = new SplitRequests((operatorId, splits) =>
      options.port.send({ type: 'splits-found', executionId, operatorId, splits }),
    );
    this.#task = new Task({
      clock: options.clock,
      listener: this.#listener(),
      wake: () => options.channels.wakeSelf(),
      checkpointingEnabled: options.request.checkpointing.intervalMs !== undefined,
      makeStateFiles: (barrier) => this.#makeStateFiles(barrier),
      isRestored: restore !== undefined,
      restoredCheckpointId: restore?.checkpointId,
      operatorsFinished: restore?.operatorsFinished === true,
    });
  }

  deploy(): DeployedTask {
    this.#send('INITIALIZING');
    return {
      vertexId: this.#vertex.id,
      subtaskIndex: this.#options.deployment.subtaskIndex,
      task: this.#task,
      runSlice: compileTaskEntry(this.#task, this.#options.deployment),
      started: this.#start(),
      accumulators: this.#accumulators,
      report: () => this.#report(),
      onSplitsAgreed: (operatorId, agreed) => this.#splits.answer(operatorId, agreed),
      onGroupWatermark: (operatorId, watermarkMs) => this.#alignments.get(operatorId)?.(watermarkMs),
    };
  }

  async #start(): Promise<void> {
    try {
      if (this.#options.deployment.restore?.finished === true) {
        this.#startFinished();
        return;
      }
      const backends = new Map<string, OperatorBackends>();
      for (const operator of this.#vertex.operators) backends.set(operator.operatorId, await this.#restore(operator));
      if (this.#task.isInitializing) await this.#buildAndStart(backends);
      else for (const { keyed } of backends.values()) await keyed?.dispose(); // cancelled meanwhile
    } catch (error) {
      this.#task.fail(error);
    }
  }

  /** Those that feed it had finished, too: all they send is their end, which nobody needs to read. */
  #startFinished(): void {
    const { channels, deployment } = this.#options;
    const writers = channels.openWriters(this.#vertex, deployment.subtaskIndex, this.#task.cell);
    this.#task.startFinished(writers.map((w) => w.writer));
  }

  async #buildAndStart(backends: ReadonlyMap<string, OperatorBackends>): Promise<void> {
    const { channels, deployment } = this.#options;
    const { cell } = this.#task;
    const writers = channels.openWriters(this.#vertex, deployment.subtaskIndex, cell);
    const links = buildOperatorChain<TaskLink>(this.#vertex, writers, cell, (parts) =>
      this.#makeLink(parts, backends.get(parts.operator.operatorId) as OperatorBackends),
    );
    const head = links[0] as TaskLink;
    const readers = channels.openReaders(this.#vertex, deployment.subtaskIndex, (input) => ({
      processElement: (head.instance.inputs[input] as StreamOperator['inputs'][number]).processElement,
      setCurrentKey: setCurrentKey(head, input),
      cell,
    }));
    await this.#task.start(links, writers, readers);
  }

  #makeLink(parts: Omit<ChainLink, 'instance'>, backends: OperatorBackends): TaskLink {
    const runtime = this.#runtimeContext(parts.operator, backends);
    const context = new TaskOperatorContext(this.#services(), parts.operator, parts.output, runtime, backends);
    return { ...parts, context, backends, instance: createOperator(parts.operator.spec, context) };
  }

  #services(): TaskServices {
    const { output, port, request, deployment } = this.#options;
    const { executionId } = deployment;
    return {
      ...this.#task.services,
      execution: request.execution,
      print: (stream, text) => output.print(stream, text),
      agreeOnSplits: (operatorId, found) => this.#splits.ask(operatorId, found),
      joinWatermarkGroup: (operatorId, group, onLeast) => this.#joinWatermarkGroup(operatorId, group, onLeast),
      collectResult: (result) => port.send({ type: 'collected', executionId, ...result }),
    };
  }

  #joinWatermarkGroup(
    operatorId: string,
    group: string,
    onLeast: (watermarkMs: number) => void,
  ): (watermarkMs: number) => void {
    const { port, deployment } = this.#options;
    const { executionId } = deployment;
    this.#alignments.set(operatorId, onLeast);
    return (watermarkMs) => port.send({ type: 'watermark-reported', executionId, operatorId, group, watermarkMs });
  }

  async #restore(operator: ChainedOperator): Promise<OperatorBackends> {
    const state = this.#options.deployment.restore?.operators.find((o) => o.operatorId === operator.operatorId);
    const keyed = operator.inputKeys.some((key) => key !== undefined)
      ? await this.#keyedBackend(operator, state)
      : undefined;
    const operatorState = createOperatorStateBackend();
    if (state) await operatorState.restore(state.operator);
    return { keyed, operator: operatorState };
  }

  async #keyedBackend(operator: ChainedOperator, state: OperatorSubtaskState | undefined) {
    const { request, deployment, clock } = this.#options;
    const { maxParallelism, parallelism } = this.#vertex;
    const backend = createKeyedStateBackend({
      kind: request.storage.backend,
      cacheBytes: request.storage.diskCacheBytes,
      keyType: operator.inputKeys.find((key) => key !== undefined)?.type,
      keyGroupRange: computeKeyGroupRange(maxParallelism, parallelism, deployment.subtaskIndex),
      maxParallelism,
      workDirectory: join(request.storage.workDirectory, deployment.executionId, operator.operatorId),
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs(),
    });
    if (state) await backend.restore(state.keyed);
    return backend;
  }

  #runtimeContext(operator: ChainedOperator, backends: OperatorBackends): OperatorRuntimeContext {
    const { request, deployment } = this.#options;
    const metricGroup = new SlotMetricGroup(this.#options.clock);
    this.#metrics.set(operator.operatorId, metricGroup);
    const info = {
      jobId: request.jobId,
      jobName: request.jobName,
      taskName: this.#vertex.name,
      operatorId: operator.operatorId,
      operatorName: operator.name,
      indexOfThisSubtask: deployment.subtaskIndex,
      numberOfParallelSubtasks: this.#vertex.parallelism,
      maxNumberOfParallelSubtasks: this.#vertex.maxParallelism,
      attemptNumber: deployment.attemptNumber,
      globalJobParameters: request.execution.globalJobParameters,
      metricGroup,
    };
    return new OperatorRuntimeContext(info, backends.keyed, this.#accumulators);
  }

  #makeStateFiles(barrier: CheckpointBarrier): FsStateFileFactory {
    const { storage } = this.#options.request;
    return new FsStateFileFactory({
      exclusiveDirectory: barrier.options.directory,
      sharedDirectory: storage.sharedDirectory,
      inlineThresholdBytes: storage.inlineThresholdBytes,
      selfContained: barrier.options.kind === 'savepoint',
      createFileName: () => createFileName(this.#options.random),
    });
  }

  #listener(): TaskListener {
    const { port, deployment } = this.#options;
    const { executionId } = deployment;
    return {
      onRunning: () => this.#send('RUNNING'),
      onFinished: () => this.#send('FINISHED'),
      onCanceled: () => this.#send('CANCELED'),
      onFailed: (error) => this.#send('FAILED', error),
      onCheckpointAcknowledged: (checkpointId, state, metrics) =>
        port.send({ type: 'checkpoint-ack', executionId, checkpointId, state, metrics }),
      onCheckpointDeclined: (checkpointId, error) =>
        port.send({ type: 'checkpoint-declined', executionId, checkpointId, error: serializeError(error) }),
      onClosing: () => {
        this.#splits.close();
        this.#alignments.clear();
      },
      onAwaitingFinalCheckpoint: () => port.send({ type: 'awaiting-final-checkpoint', executionId }),
    };
  }

  #send(state: 'INITIALIZING' | 'RUNNING' | 'FINISHED' | 'CANCELED' | 'FAILED', error?: Error): void {
    const { port, request, deployment, output } = this.#options;
    output.flush();
    const isEnd = state !== 'INITIALIZING' && state !== 'RUNNING';
    port.send({
      type: 'task-state',
      deployment: request.deployment,
      executionId: deployment.executionId,
      state,
      ...(error ? { error: new CallSites(request.program.bundlePath).inSource(serializeError(error)) } : {}),
      ...(isEnd ? { report: this.#report() } : {}),
    });
  }

  #report(): TaskReport {
    const { links } = this.#task;
    return {
      executionId: this.#options.deployment.executionId,
      task: taskNumbers(this.#task, this.#rates),
      operators: Object.fromEntries(
        links.map((link, i) => [
          link.operator.name,
          {
            ...operatorNumbers(link, i === 0, this.#task, this.#rates),
            ...this.#metrics.get(link.operator.operatorId)?.snapshot(),
          },
        ]),
      ),
      accumulators: Object.fromEntries(
        [...this.#accumulators].map(([name, a]) => [
          name,
          { kind: a.kind, value: a.getLocalValue(), ...(isOwnAccumulator(a) ? { isOwn: true } : {}) },
        ]),
      ),
    };
  }
}

/** Only keyed inputs set the key (O4). */
function setCurrentKey(head: TaskLink, input: number): ((key: unknown, keyId: number) => void) | undefined {
  const { keyed } = head.backends;
  if (!keyed || head.operator.inputKeys[input] === undefined) return undefined;
  return keyed.createKeySetter();
}

/** 16 hex digits: no two files of a directory meet. */
function createFileName(random: () => number): string {
  const part = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return part() + part();
}
