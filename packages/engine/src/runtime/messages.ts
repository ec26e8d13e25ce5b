// Messages between the coordinator (main thread) and slots (worker threads, or in-process slots in tests).
// Plain data and SharedArrayBuffers only. One slot serves one job; a slot that died is replaced by a new one.
import type { JobRequest } from '../api/program-context.ts';
import type { CheckpointMetrics, SubtaskRestore, SubtaskState } from '../checkpoint/state-handles.ts';
import type {
  CheckpointConfigData,
  ExecutionConfigData,
  ExecutionDefaults,
  JobGraphDescription,
} from '../graph/job-graph.ts';
import type { ChannelLimits } from './channels/channel-limits.ts';
import type { CheckpointOptions } from './stream-event.ts';

/** How a slot or the driver gets the program. */
export interface ProgramDescriptor {
  /** Absolute path of the bundled program (CommonJS, `yeoul` external). */
  readonly bundlePath: string;
  /** Export to run: "default", or an entry class name. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Parallelism given at submission; undefined: the environment's default. */
  readonly parallelism: number | undefined;
  /** When the program was submitted, epoch ms; stands in default job names, so equal for driver and slots. */
  readonly submittedAtMs?: number | undefined;
  /** Cluster default parallelism and settings that programs can see; equal for driver and slots. */
  readonly defaults: ProgramDefaults;
  /** Which execute() of the program this job is, from 0, and the results of those before it. */
  readonly executeIndex: number;
  readonly earlierResults: readonly JobExecutionResultData[];
}

export interface ProgramDefaults {
  readonly parallelism: number;
  readonly stateBackend: 'heap' | 'disk';
  readonly checkpointIntervalMs: number | undefined;
  /** Of jobs that do not say it themselves. */
  readonly checkpointing?: Partial<Omit<CheckpointConfigData, 'intervalMs'>> | undefined;
  readonly execution?: ExecutionDefaults | undefined;
}

export interface JobExecutionResultData {
  readonly jobId: string;
  readonly netRuntimeMs: number;
  readonly accumulators: Readonly<Record<string, unknown>>;
  /** Values of an executeAndCollect, for the evaluations of the program's later executions. */
  readonly collected?: readonly unknown[];
  /** The program went on while this job was running: `collected` is what it had seen at most. */
  readonly unfinished?: true;
}

export interface SubtaskAddress {
  readonly vertexId: string;
  readonly subtaskIndex: number;
}

/** A channel that crosses slots; channels within a slot need no descriptor. */
export interface RemoteChannelDescriptor {
  readonly edgeId: number;
  readonly sourceSubtask: number;
  readonly targetSubtask: number;
  readonly sourceSlot: number;
  readonly targetSlot: number;
  /** The ring; layout belongs to runtime/channels. */
  readonly ring: SharedArrayBuffer;
}

export interface TaskDeployment extends SubtaskAddress {
  /** 32 hex digits, new for each attempt. */
  readonly executionId: string;
  readonly attemptNumber: number;
  readonly restore: SubtaskRestore | undefined;
}

export interface DeployRequest {
  readonly type: 'deploy';
  readonly jobId: string;
  readonly jobName: string;
  /** Counts deployments of the job; messages of older ones are ignored. */
  readonly deployment: number;
  readonly tasks: readonly TaskDeployment[];
  /** Slot index of every subtask of the job: placement[vertexId][subtask]. */
  readonly placement: Readonly<Record<string, readonly number[]>>;
  readonly channels: readonly RemoteChannelDescriptor[];
  /** Wake cells, one Int32 per slot index; see SlotSignal. */
  readonly signals: SharedArrayBuffer;
  readonly program: ProgramDescriptor;
  readonly graphHash: string;
  /** By vertex id; may be another than the program's, see adoptMaxParallelism. */
  readonly maxParallelism: Readonly<Record<string, number>>;
  readonly execution: ExecutionConfigData;
  readonly checkpointing: CheckpointConfigData;
  readonly storage: SlotStorageConfig;
  /** Default: DEFAULT_CHANNEL_LIMITS. */
  readonly channelLimits?: ChannelLimits | undefined;
  /** How often the slot reports its numbers. Default: once a second. */
  readonly reportIntervalMs?: number | undefined;
}

export interface SlotStorageConfig {
  /** Shared files of the job's incremental checkpoints, absolute. */
  readonly sharedDirectory: string;
  /** Working files of the disk backend; emptied at start. */
  readonly workDirectory: string;
  readonly backend: 'heap' | 'disk';
  /** Snapshots at most this large are carried in the ack and stand in _metadata, bytes. */
  readonly inlineThresholdBytes: number;
  /** Of the disk backend, per operator and subtask. Default: the backend's. */
  readonly diskCacheBytes?: number | undefined;
}

export type CoordinatorMessage =
  | DeployRequest
  /** Goes to every slot with running tasks. `sources`: those of them that no running subtask feeds; the others wait for a barrier or END on every channel. */
  | {
      readonly type: 'trigger-checkpoint';
      readonly checkpointId: number;
      readonly timestampMs: number;
      readonly options: CheckpointOptions;
      readonly sources: readonly SubtaskAddress[];
    }
  | { readonly type: 'notify-complete'; readonly checkpointId: number }
  | { readonly type: 'notify-aborted'; readonly checkpointId: number }
  | { readonly type: 'cancel'; readonly executionIds: readonly string[] }
  /** The answer to 'splits-found'. */
  | ({ readonly type: 'splits-agreed'; readonly executionId: string; readonly operatorId: string } & AgreedSplits)
  /** Least watermark of the group, for a subtask that reported one: the answer, and again whenever it rises. Infinity: nobody counts. */
  | {
      readonly type: 'group-watermark';
      readonly executionId: string;
      readonly operatorId: string;
      readonly watermarkMs: number;
    }
  /** Merge the local values of all subtasks by the instance of this one; answered by 'accumulator-merged'. */
  | ({
      readonly type: 'merge-accumulator';
      readonly requestId: number;
      readonly name: string;
      readonly values: readonly unknown[];
    } & SubtaskAddress)
  /** Report metrics and accumulators now. */
  | { readonly type: 'report'; readonly requestId: number };

/** States a slot reports; the coordinator adds CREATED, SCHEDULED and DEPLOYING itself. */
export type ReportedTaskState = 'INITIALIZING' | 'RUNNING' | 'FINISHED' | 'CANCELED' | 'FAILED';

export interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Catalogue code, when it is an AppError. */
  readonly code: string | undefined;
}

/** Numbers of one subtask, cumulative since its attempt started unless the name says otherwise. Values by Flink's metric names. */
export interface TaskReport {
  readonly executionId: string;
  /** Task scope: "numRecordsIn", "numBytesOut", "busyTimeMsPerSecond", "buffers.inPoolUsage", … */
  readonly task: Readonly<Record<string, number>>;
  /** Operator scope: [operator name][metric], user groups and names joined with dots. Non-numbers as strings. */
  readonly operators: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
  /** Accumulators by name: kind and local value (structured-cloneable). */
  readonly accumulators: Readonly<Record<string, AccumulatorReport>>;
}

export interface AccumulatorReport {
  readonly kind: string;
  readonly value: unknown;
  /** A class of the user's own: only its merge() knows how values of subtasks go together. */
  readonly isOwn?: true;
}

export type SlotMessage =
  | { readonly type: 'ready' }
  | {
      readonly type: 'task-state';
      readonly deployment: number;
      readonly executionId: string;
      readonly state: ReportedTaskState;
      readonly error?: SerializedError;
      readonly report?: TaskReport;
    }
  | { readonly type: 'deploy-failed'; readonly deployment: number; readonly error: SerializedError }
  | {
      readonly type: 'checkpoint-ack';
      readonly executionId: string;
      readonly checkpointId: number;
      readonly state: SubtaskState;
      readonly metrics: CheckpointMetrics;
    }
  /** A subtask of a split source enumerated; it reads what the coordinator answers. */
  | {
      readonly type: 'splits-found';
      readonly executionId: string;
      readonly operatorId: string;
      readonly splits: readonly unknown[];
    }
  /** How far a source of a watermark group is; Infinity: it does not count (idle, at its end). */
  | {
      readonly type: 'watermark-reported';
      readonly executionId: string;
      readonly operatorId: string;
      readonly group: string;
      readonly watermarkMs: number;
    }
  /** The task has processed everything and waits for one more completed checkpoint before it finishes (transactional sinks). */
  | { readonly type: 'awaiting-final-checkpoint'; readonly executionId: string }
  | {
      readonly type: 'checkpoint-declined';
      readonly executionId: string;
      readonly checkpointId: number;
      readonly error: SerializedError;
    }
  | {
      readonly type: 'reports';
      readonly requestId: number | undefined;
      readonly reports: readonly TaskReport[];
      readonly slot: SlotReport;
    }
  | {
      readonly type: 'accumulator-merged';
      readonly requestId: number;
      readonly value?: unknown;
      readonly error?: SerializedError;
    }
  /** Output of print sinks and executeAndCollect, in order. */
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | {
      readonly type: 'collected';
      readonly executionId: string;
      /** It stands right before the barrier of this checkpoint. */
      readonly checkpointId?: number | undefined;
      readonly collectId: string;
      readonly values: readonly unknown[];
      readonly end: boolean;
    };

/** What a source reads, the same for all of its subtasks. */
export interface AgreedSplits {
  readonly splits: readonly unknown[];
  /** Subtasks that splits nobody knew yet are dealt to; undefined: all. */
  readonly readers: readonly number[] | undefined;
}

export interface SlotReport {
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly externalBytes: number;
  /** Share of the last second that the slot's thread was busy, 0..1. */
  readonly utilization: number;
}

/** One end of the link between coordinator and slot: a worker's port, or an in-process pair. */
export interface SlotPort {
  send(message: SlotMessage): void;
  onMessage(handler: (message: CoordinatorMessage) => void): void;
}

export interface SlotLink {
  /** Of the thread it runs in; undefined: it runs in this one. */
  readonly threadId?: number | undefined;
  send(message: CoordinatorMessage): void;
  onMessage(handler: (message: SlotMessage) => void): void;
  /** The slot ended without being asked: crash, exit, out of memory. */
  onExit(handler: (error: Error) => void): void;
  /** Ends it for good, whatever it is doing. */
  terminate(): Promise<void>;
}

/** Makes slots: worker threads in production, in-process ones in tests. */
export interface SlotLauncher {
  launch(options: {
    readonly jobId: string;
    readonly slotIndex: number;
    readonly maxHeapMiB: number | undefined;
  }): SlotLink;
}

/** What a program's executions turn into; the driver calls it, the cluster answers. */
export interface DriverEvents {
  /** The program called execute(): runs the graph; resolves with its result, rejects when the job was refused or did not finish. */
  onExecute(
    graph: JobGraphDescription,
    executeIndex: number,
    listener?: ExecuteListener,
  ): Promise<JobExecutionResultData>;
  cancel?(jobId: string): Promise<void>;
  status?(jobId: string): string;
  ask?(jobId: string, request: JobRequest): Promise<unknown>;
  /** Text the program itself prints (console, DataSet.print). */
  print?(text: string, stream: 'stdout' | 'stderr'): void;
}

/** News of one execution before its end. */
export interface ExecuteListener {
  onAccepted(jobId: string): void;
  /** Values of the job's collect sink, in order. */
  onCollected(values: readonly unknown[]): void;
}
