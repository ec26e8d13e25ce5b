// The job graph: what runs. Vertices are chains of operators; edges connect an operator's output to a vertex input.
// `JobGraph` holds functions and lives where the program was evaluated; `describeJobGraph` gives the plain part that
// crosses threads and is stored.
import type { TypeInformation } from '../api/type-information.ts';
import type { OperatorSpec } from './operator-spec.ts';
import type { KeySpec, Partitioner } from './transformation.ts';

export type JobType = 'STREAMING' | 'BATCH';

export interface RestartStrategyConfig {
  readonly kind: 'none' | 'fixed-delay' | 'exponential-delay' | 'failure-rate';
  /** fixed-delay: attempts before the job fails; default 2^31-1. */
  readonly attempts?: number;
  readonly delayMs?: number;
  readonly initialBackoffMs?: number;
  readonly maxBackoffMs?: number;
  readonly backoffMultiplier?: number;
  readonly resetBackoffThresholdMs?: number;
  readonly jitterFactor?: number;
  readonly maxFailuresPerInterval?: number;
  readonly failureRateIntervalMs?: number;
}

/** Checked and complete; units in the names. */
export interface CheckpointConfigData {
  /** Undefined: checkpointing off (savepoints still work). */
  readonly intervalMs: number | undefined;
  readonly mode: 'exactly_once' | 'at_least_once';
  readonly timeoutMs: number;
  readonly minPauseMs: number;
  readonly maxConcurrent: number;
  readonly tolerableFailures: number;
  readonly externalized: 'DELETE_ON_CANCELLATION' | 'RETAIN_ON_CANCELLATION' | 'NO_EXTERNALIZED_CHECKPOINTS';
}

export interface ExecutionConfigData {
  readonly parallelism: number;
  readonly maxParallelism: number | undefined;
  readonly objectReuse: boolean;
  readonly autoWatermarkIntervalMs: number;
  /** Sources stamp records with the time at which they emit them, and emit the watermarks. Default: false. */
  readonly ingestionTime?: boolean;
  readonly latencyTrackingIntervalMs: number;
  readonly bufferTimeoutMs: number;
  /** Nobody set it: batches end with the turn of the slot. */
  readonly isBufferTimeoutDefault?: true | undefined;
  readonly globalJobParameters: Readonly<Record<string, string>>;
  readonly restartStrategy: RestartStrategyConfig | undefined;
  readonly stateBackend: 'heap' | 'disk' | undefined;
  readonly executionMode: 'PIPELINED' | 'BATCH';
}

/** Settings of jobs that do not say them themselves. */
export type ExecutionDefaults = Partial<
  Pick<
    ExecutionConfigData,
    | 'maxParallelism'
    | 'objectReuse'
    | 'autoWatermarkIntervalMs'
    | 'latencyTrackingIntervalMs'
    | 'bufferTimeoutMs'
    | 'restartStrategy'
  >
>;

/** One operator inside a vertex. */
export interface ChainedOperator {
  /** Stream node id. */
  readonly nodeId: number;
  /** 32 hex digits: identity of its state. */
  readonly operatorId: string;
  readonly name: string;
  readonly uid: string | undefined;
  /** setUidHash: a second id, 32 hex digits, under which state is looked up at restore before `operatorId`. */
  readonly uidHash?: string | undefined;
  readonly spec: OperatorSpec;
  /** One entry per input. */
  readonly inputKeys: readonly (KeySpec | undefined)[];
  readonly inputTypes: readonly (TypeInformation | undefined)[];
  readonly outputType: TypeInformation | undefined;
  /** Operators of the same chain fed directly: their node, the input they take it on, and the side output tag if any. */
  readonly chainedOutputs: readonly {
    readonly nodeId: number;
    readonly input: number;
    readonly tag: string | undefined;
  }[];
}

/** An edge over channels, from one operator of the source vertex to the head (or a multi-input head) of the target vertex. */
export interface JobEdge {
  readonly id: number;
  readonly sourceVertexId: string;
  readonly sourceNodeId: number;
  readonly targetVertexId: string;
  /** Which input of the target's head operator, from 0. Several edges may share one input (union). */
  readonly targetInput: number;
  readonly tag: string | undefined;
  readonly partitioner: Partitioner;
  readonly type: TypeInformation | undefined;
  /** Longest wait of a record in a partly filled batch; -1: until it is full; undefined: to the end of the slot's turn, a few ms. */
  readonly bufferTimeoutMs: number | undefined;
  /** FORWARD, HASH, REBALANCE, RESCALE, SHUFFLE, BROADCAST, GLOBAL, CUSTOM. */
  readonly shipStrategy: string;
  readonly exchange: 'pipelined' | 'pipelined_bounded' | 'blocking';
}

export interface JobVertex {
  /** 32 hex digits, Flink's for the same topology. */
  readonly id: string;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** The program sets none: a restored state's is taken over. */
  readonly isMaxParallelismDefault?: true | undefined;
  readonly slotSharingGroup: string;
  /** Head first; every operator after it is reached through chainedOutputs. */
  readonly operators: readonly ChainedOperator[];
}

export interface JobGraph {
  readonly name: string;
  readonly type: JobType;
  /** Sources first, in topological order as Flink lists them. */
  readonly vertices: readonly JobVertex[];
  readonly edges: readonly JobEdge[];
  readonly checkpointing: CheckpointConfigData;
  readonly execution: ExecutionConfigData;
  /** Hash over everything but functions: two evaluations of one program must agree. */
  readonly hash: string;
  /** The `plan` object without jid, as Flink's /plan answers: {name, nodes: [...]}. */
  readonly plan: JsonPlan;
}

export interface JsonPlan {
  readonly name: string;
  readonly nodes: readonly JsonPlanNode[];
}

export interface JsonPlanNode {
  readonly id: string;
  readonly parallelism: number;
  readonly operator: string;
  readonly operator_strategy: string;
  readonly description: string;
  readonly inputs?: readonly JsonPlanInput[];
  readonly optimizer_properties: Readonly<Record<string, readonly { readonly name: string; readonly value: string }[]>>;
}

export interface JsonPlanInput {
  readonly num: number;
  readonly id: string;
  readonly ship_strategy: string;
  readonly local_strategy?: string;
  readonly caching?: string;
  readonly exchange: string;
}

/** The part without functions: crosses threads, is stored, is shown. */
export interface JobGraphDescription {
  readonly name: string;
  readonly type: JobType;
  readonly vertices: readonly JobVertexDescription[];
  readonly edges: readonly JobEdgeDescription[];
  readonly checkpointing: CheckpointConfigData;
  readonly execution: ExecutionConfigData;
  /** Its records go to the program (executeAndCollect). */
  readonly collects?: true | undefined;
  readonly hash: string;
  readonly plan: JsonPlan;
}

export interface JobVertexDescription {
  readonly id: string;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number;
  /** The program sets none: a restored state's is taken over. */
  readonly isMaxParallelismDefault?: true | undefined;
  readonly slotSharingGroup: string;
  readonly isSource: boolean;
  readonly operators: readonly {
    readonly operatorId: string;
    readonly name: string;
    readonly uid: string | undefined;
    readonly uidHash?: string | undefined;
    readonly keyed: boolean;
  }[];
}

export interface JobEdgeDescription {
  readonly id: number;
  readonly sourceVertexId: string;
  readonly targetVertexId: string;
  readonly targetInput: number;
  readonly partitioner: Partitioner['kind'];
  readonly exchange: JobEdge['exchange'];
}
