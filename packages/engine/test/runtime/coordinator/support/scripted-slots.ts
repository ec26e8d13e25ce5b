// Slots by script: they answer as a healthy slot does, unless a test takes a reaction over.
import { crc32 } from 'node:zlib';
import type { SubtaskState } from '../../../../src/checkpoint/state-handles.ts';
import type {
  CoordinatorMessage,
  DeployRequest,
  SlotLauncher,
  SlotLink,
  SlotMessage,
  TaskDeployment,
} from '../../../../src/runtime/messages.ts';

/** What a slot does on its own. Everything is on by default. */
export interface Reactions {
  ready: boolean;
  running: boolean;
  acknowledge: boolean;
  cancel: boolean;
  report: boolean;
  /** After a stop savepoint completed, tasks finish. */
  finishOnStop: boolean;
}

export type Message<T extends SlotMessage['type']> = Extract<SlotMessage, { type: T }>;
export type Order<T extends CoordinatorMessage['type']> = Extract<CoordinatorMessage, { type: T }>;

export class ScriptedSlots implements SlotLauncher {
  readonly reactions: Reactions = {
    ready: true,
    running: true,
    acknowledge: true,
    cancel: true,
    report: true,
    finishOnStop: true,
  };
  /** Every slot ever launched, in order. */
  readonly launched: ScriptedSlot[] = [];
  /** Every order to any slot, in order. */
  readonly log: CoordinatorMessage[] = [];
  /** What a task has as its state when it acknowledges. */
  stateOf: (task: DeployedTask, checkpointId: number) => SubtaskState = emptyState;

  launch(options: { readonly jobId: string; readonly slotIndex: number }): SlotLink {
    const slot = new ScriptedSlot(options.slotIndex, options.jobId, this);
    this.launched.push(slot);
    return slot;
  }

  /** The slot that now has this index. */
  slot(index: number): ScriptedSlot {
    const slot = this.launched.findLast((candidate) => candidate.index === index);
    if (slot === undefined) throw new Error(`No slot ${index}`);
    return slot;
  }

  get live(): readonly ScriptedSlot[] {
    return this.launched.filter(({ isTerminated, isDead }) => !isTerminated && !isDead);
  }

  /** Current tasks in all live slots. */
  tasks(): readonly DeployedTask[] {
    return this.live.flatMap((slot) => slot.tasks());
  }

  orders<T extends CoordinatorMessage['type']>(type: T): readonly Order<T>[] {
    return this.log.filter((message): message is Order<T> => message.type === type);
  }
}

export interface DeployedTask {
  readonly slot: ScriptedSlot;
  readonly request: DeployRequest;
  readonly deployment: TaskDeployment;
}

export class ScriptedSlot implements SlotLink {
  readonly index: number;
  readonly jobId: string;
  readonly received: CoordinatorMessage[] = [];
  isTerminated = false;
  isDead = false;
  readonly #owner: ScriptedSlots;
  readonly #tasks = new Map<string, DeployedTask>();
  #handler: (message: SlotMessage) => void = () => {};
  #exitHandler: (error: Error) => void = () => {};
  #stopAt: number | undefined;

  constructor(index: number, jobId: string, owner: ScriptedSlots) {
    this.index = index;
    this.jobId = jobId;
    this.#owner = owner;
    setImmediate(() => {
      if (owner.reactions.ready) this.say({ type: 'ready' });
    });
  }

  send(message: CoordinatorMessage): void {
    this.received.push(message);
    this.#owner.log.push(message);
    queueMicrotask(() => this.#react(message));
  }

  onMessage(handler: (message: SlotMessage) => void): void {
    this.#handler = handler;
  }

  onExit(handler: (error: Error) => void): void {
    this.#exitHandler = handler;
  }

  async terminate(): Promise<void> {
    this.isTerminated = true;
  }

  /** Sends a message to the coordinator. */
  say(message: SlotMessage): void {
    if (!this.isTerminated && !this.isDead) this.#handler(message);
  }

  die(reason = 'exit code 1'): void {
    this.isDead = true;
    this.#exitHandler(new Error(reason));
  }

  tasks(): readonly DeployedTask[] {
    return [...this.#tasks.values()];
  }

  task(vertexId: string, subtaskIndex: number): DeployedTask {
    const found = this.tasks().find(
      ({ deployment }) => deployment.vertexId === vertexId && deployment.subtaskIndex === subtaskIndex,
    );
    if (found === undefined) throw new Error(`No task ${vertexId}/${subtaskIndex} in slot ${this.index}`);
    return found;
  }

  state({ request, deployment }: DeployedTask, state: Message<'task-state'>['state'], message?: string): void {
    if (state === 'FINISHED' || state === 'CANCELED' || state === 'FAILED') this.#tasks.delete(deployment.executionId);
    this.say({
      type: 'task-state',
      deployment: request.deployment,
      executionId: deployment.executionId,
      state,
      ...(message === undefined
        ? {}
        : { error: { name: 'Error', message, stack: `Error: ${message}`, code: undefined } }),
    });
  }

  acknowledge(task: DeployedTask, checkpointId: number): void {
    this.say({
      type: 'checkpoint-ack',
      executionId: task.deployment.executionId,
      checkpointId,
      state: this.#owner.stateOf(task, checkpointId),
      metrics: { syncMs: 1, asyncMs: 2, alignmentMs: 0, startDelayMs: 0, processedBytes: 0, stateBytes: 10 },
    });
  }

  #react(message: CoordinatorMessage): void {
    if (this.isTerminated || this.isDead) return;
    const { reactions } = this.#owner;
    switch (message.type) {
      case 'deploy':
        for (const deployment of message.tasks) this.#deploy({ slot: this, request: message, deployment });
        break;
      case 'trigger-checkpoint':
        this.#stopAt = message.options.stop === undefined ? this.#stopAt : message.checkpointId;
        // The barrier reaches every task of the job; other slots hear of it here.
        if (reactions.acknowledge) this.#acknowledgeEverywhere(message.checkpointId);
        break;
      case 'notify-complete':
        if (reactions.finishOnStop && this.#owner.live.some((slot) => slot.#stopAt === message.checkpointId)) {
          for (const task of this.tasks()) this.state(task, 'FINISHED');
        }
        break;
      case 'cancel':
        if (!reactions.cancel) break;
        for (const id of message.executionIds) {
          const task = this.#tasks.get(id);
          if (task !== undefined) this.state(task, 'CANCELED');
        }
        break;
      case 'report':
        if (reactions.report) this.sayReports(message.requestId);
        break;
      case 'notify-aborted':
      case 'merge-accumulator':
      case 'splits-agreed':
      case 'group-watermark':
        break;
    }
  }

  sayReports(requestId: number | undefined, task: Record<string, number> = {}): void {
    this.say({
      type: 'reports',
      requestId,
      reports: this.tasks().map(({ deployment }) => ({
        executionId: deployment.executionId,
        task,
        operators: {},
        accumulators: {},
      })),
      slot: { heapUsedBytes: 1, heapTotalBytes: 2, externalBytes: 3, utilization: 0.5 },
    });
  }

  #deploy(task: DeployedTask): void {
    this.#tasks.set(task.deployment.executionId, task);
    this.state(task, 'INITIALIZING');
    if (!this.#owner.reactions.running) return;
    this.state(task, 'RUNNING');
    if (task.deployment.restore?.finished === true) this.state(task, 'FINISHED');
  }

  #acknowledgeEverywhere(checkpointId: number): void {
    for (const slot of this.#owner.live.filter(({ jobId }) => jobId === this.jobId)) {
      for (const task of slot.tasks()) slot.acknowledge(task, checkpointId);
    }
  }
}

export function emptyState({ request, deployment }: DeployedTask): SubtaskState {
  void request;
  return { operators: [{ operatorId: `op-${deployment.vertexId}`, keyed: [], operator: [] }] };
}

/** Every task has `bytes` as split list state of one element, inline. */
export function inlineState({ deployment }: DeployedTask, bytes: Uint8Array): SubtaskState {
  return {
    operators: [
      {
        operatorId: `op-${deployment.vertexId}`,
        keyed: [],
        operator: [
          {
            file: { location: { kind: 'inline', bytes }, sizeBytes: bytes.length, crc32: crc32(bytes) },
            entries: [{ name: 'position', mode: 'split', offsets: [0] }],
            states: [{ name: 'position', kind: 'operator-list', serializer: 'long', serializerVersion: 1 }],
          },
        ],
      },
    ],
  };
}

/** Every task has union list state of one element under this name. */
export function unionState(task: DeployedTask, name: string): SubtaskState {
  const { operators } = inlineState(task, Uint8Array.of(1));
  const entries = [{ name, mode: 'union', offsets: [0] }] as const;
  return {
    operators: operators.map((operator) => ({
      ...operator,
      operator: operator.operator.map((handle) => ({ ...handle, entries })),
    })),
  };
}
