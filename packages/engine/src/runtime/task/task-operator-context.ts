// What the task gives one operator (see stream-operator.ts for the contract).
import type { RuntimeContext } from '../../api/functions.ts';
import type { TypeInformation } from '../../api/type-information.ts';
import type { Clock } from '../../clock.ts';
import { assert } from '../../errors.ts';
import type { ChainedOperator, ExecutionConfigData } from '../../graph/job-graph.ts';
import type { KeyedStateBackend } from '../../state/keyed-state-backend.ts';
import type { OperatorStateBackend } from '../../state/operator-state-backend.ts';
import type { InternalTimerService, TimerService } from '../../state/timer-service.ts';
import type { AgreedSplits } from '../messages.ts';
import type {
  CollectedResult,
  OperatorContext,
  Output,
  TimerHandler,
  TimestampCell,
} from '../operators/stream-operator.ts';
import { fireTimers } from './fire-timers.ts';

/** What operators reach of their task. */
export interface TaskServices {
  readonly cell: TimestampCell;
  readonly clock: Clock;
  readonly execution: ExecutionConfigData;
  suspendUntil(promise: Promise<unknown>): void;
  suspendInputUntil(promise: Promise<unknown>): void;
  mayEmit(): boolean;
  runSliced(step: () => boolean): void;
  print(stream: 'stdout' | 'stderr', text: string): void;
  collectResult(result: CollectedResult): void;
  agreeOnSplits(operatorId: string, found: readonly unknown[]): Promise<AgreedSplits>;
  joinWatermarkGroup(
    operatorId: string,
    group: string,
    onLeast: (watermarkMs: number) => void,
  ): (watermarkMs: number) => void;
  scheduleProcessingTime(atMs: number, callback: (timeMs: number) => void): { cancel(): void };
  enqueue(action: () => void): void;
  isOutputAvailable(): boolean;
  fail(error: unknown): void;
}

export interface OperatorBackends {
  readonly keyed: KeyedStateBackend | undefined;
  readonly operator: OperatorStateBackend;
}

export class TaskOperatorContext implements OperatorContext {
  readonly operator: ChainedOperator;
  readonly runtime: RuntimeContext;
  readonly output: Output;
  readonly cell: TimestampCell;
  readonly clock: Clock;
  readonly execution: ExecutionConfigData;
  readonly keyedState: KeyedStateBackend | undefined;
  readonly operatorState: OperatorStateBackend;
  readonly #task: TaskServices;
  readonly #timers: InternalTimerService[] = [];
  #watermarkMs = Number.NEGATIVE_INFINITY;

  constructor(
    task: TaskServices,
    operator: ChainedOperator,
    output: Output,
    runtime: RuntimeContext,
    backends: OperatorBackends,
  ) {
    this.#task = task;
    this.operator = operator;
    this.runtime = runtime;
    this.output = output;
    this.cell = task.cell;
    this.clock = task.clock;
    this.execution = task.execution;
    this.keyedState = backends.keyed;
    this.operatorState = backends.operator;
  }

  timerService(name: string, handler: TimerHandler, namespaceType?: TypeInformation): TimerService {
    assert(this.keyedState, `operator "${this.operator.name}" has keyed input, so it may have timers`);
    const service = this.keyedState.createTimerService({
      name,
      namespaceType,
      handler,
      nowMs: () => this.clock.nowMs(),
      scheduleProcessingTime: (atMs, callback) => this.#task.scheduleProcessingTime(atMs, callback),
    });
    this.#timers.push(service);
    return service;
  }

  currentWatermarkMs(): number {
    return this.#watermarkMs;
  }

  advanceWatermark(timestampMs: number): void {
    if (timestampMs <= this.#watermarkMs) return;
    const hasRoom = () => this.#task.isOutputAvailable();
    this.runSliced(() => {
      if (timestampMs > this.#watermarkMs) this.#watermarkMs = timestampMs;
      if (!fireTimers(this.#timers, timestampMs, hasRoom)) return false;
      this.output.emitWatermark(timestampMs);
      return true;
    });
  }

  runSliced(step: () => boolean): void {
    this.#task.runSliced(step);
  }

  suspendUntil(promise: Promise<unknown>): void {
    this.#task.suspendUntil(promise);
  }

  suspendInputUntil(promise: Promise<unknown>): void {
    this.#task.suspendInputUntil(promise);
  }

  mayEmit(): boolean {
    return this.#task.mayEmit();
  }

  print(stream: 'stdout' | 'stderr', text: string): void {
    this.#task.print(stream, text);
  }

  collectResult(result: CollectedResult): void {
    this.#task.collectResult(result);
  }

  agreeOnSplits(found: readonly unknown[]): Promise<AgreedSplits> {
    return this.#task.agreeOnSplits(this.operator.operatorId, found);
  }

  joinWatermarkGroup(group: string, onLeast: (watermarkMs: number) => void): (watermarkMs: number) => void {
    return this.#task.joinWatermarkGroup(this.operator.operatorId, group, (watermarkMs) =>
      this.enqueue(() => onLeast(watermarkMs)),
    );
  }

  registerProcessingTimeCallback(atMs: number, callback: (timeMs: number) => void): { cancel(): void } {
    return this.#task.scheduleProcessingTime(atMs, callback);
  }

  enqueue(action: () => void): void {
    this.#task.enqueue(action);
  }

  isOutputAvailable(): boolean {
    return this.#task.isOutputAvailable();
  }

  fail(error: unknown): void {
    this.#task.fail(error);
  }

  closeTimers(): void {
    for (const timers of this.#timers) timers.close();
  }
}
