import type {
  CheckpointConfigData,
  JobEdgeDescription,
  JobGraphDescription,
  JobVertexDescription,
  RestartStrategyConfig,
} from '../../../../src/graph/job-graph.ts';
import type { ProcessTable } from '../../../../src/runtime/coordinator/cluster-lock.ts';
import { LocalCluster } from '../../../../src/runtime/coordinator/local-cluster.ts';
import type { LocalClusterOptions } from '../../../../src/runtime/coordinator/local-cluster-options.ts';
import type { ProgramDescriptor } from '../../../../src/runtime/messages.ts';
import { MemoryDisk, MemoryFiles } from './memory-files.ts';
import { ScriptedSlots } from './scripted-slots.ts';
import { SeededRandom } from './seeded-random.ts';
import { settle, VirtualClock } from './virtual-clock.ts';

export const JOB_ID = 'a'.repeat(32);

export interface GraphOptions {
  readonly parallelism?: number;
  readonly intervalMs?: number | undefined;
  readonly checkpointing?: Partial<CheckpointConfigData>;
  readonly restart?: RestartStrategyConfig | undefined;
  /** Default: hash, so that all subtasks are one region. */
  readonly partitioner?: JobEdgeDescription['partitioner'];
  readonly exchange?: JobEdgeDescription['exchange'];
}

/** source → sink */
export function twoVertexGraph(options: GraphOptions = {}): JobGraphDescription {
  const parallelism = options.parallelism ?? 2;
  return {
    name: 'Test job',
    type: 'STREAMING',
    vertices: [vertex('source', parallelism, true), vertex('sink', parallelism, false)],
    edges: [
      {
        id: 0,
        sourceVertexId: 'source',
        targetVertexId: 'sink',
        targetInput: 0,
        partitioner: options.partitioner ?? 'hash',
        exchange: options.exchange ?? 'pipelined_bounded',
      },
    ],
    checkpointing: {
      intervalMs: options.intervalMs,
      mode: 'exactly_once',
      timeoutMs: 600_000,
      minPauseMs: 0,
      maxConcurrent: 1,
      tolerableFailures: 0,
      externalized: 'NO_EXTERNALIZED_CHECKPOINTS',
      ...options.checkpointing,
    },
    execution: {
      parallelism,
      maxParallelism: undefined,
      objectReuse: false,
      autoWatermarkIntervalMs: 200,
      latencyTrackingIntervalMs: 0,
      bufferTimeoutMs: 100,
      globalJobParameters: {},
      restartStrategy: options.restart,
      stateBackend: undefined,
      executionMode: 'PIPELINED',
    },
    hash: 'hash',
    plan: { name: 'Test job', nodes: [] },
  } as JobGraphDescription;
}

export function vertex(id: string, parallelism: number, isSource: boolean, group = 'default'): JobVertexDescription {
  return {
    id,
    name: id,
    parallelism,
    maxParallelism: 128,
    slotSharingGroup: group,
    isSource,
    operators: [{ operatorId: `op-${id}`, name: id, uid: undefined, keyed: false }],
  };
}

export const program: ProgramDescriptor = {
  bundlePath: '/program.cjs',
  entry: 'default',
  args: [],
  parallelism: undefined,
  defaults: { parallelism: 1, stateBackend: 'heap', checkpointIntervalMs: undefined },
  executeIndex: 0,
  earlierResults: [],
};

/** One "machine": its disk and clock outlive clusters. */
export class Machine {
  readonly clock = new VirtualClock();
  readonly disk = new MemoryDisk();
  readonly random = new SeededRandom(7);
  readonly problems: string[] = [];
  slots = new ScriptedSlots();
  files = new MemoryFiles(this.disk);
  #pid = 100;

  /** Opens a cluster as a new process; those before are dead. */
  async open(options: Partial<LocalClusterOptions> = {}): Promise<LocalCluster> {
    this.slots = new ScriptedSlots();
    this.files = new MemoryFiles(this.disk);
    return LocalCluster.open({ ...this.optionsOfNewProcess(), ...options });
  }

  optionsOfNewProcess(): LocalClusterOptions {
    const pid = ++this.#pid;
    const processes: ProcessTable = {
      self: { pid, startedAt: undefined },
      lookup: (other) => (other === pid ? { pid, startedAt: undefined } : undefined),
    };
    return {
      dataDirectory: '/data',
      slots: 8,
      clock: this.clock,
      random: this.random,
      slotLauncher: this.slots,
      defaults: program.defaults,
      processes,
      engineVersion: '0.1.0',
      files: this.files,
      savepointsDirectory: '/savepoints',
      createRing: () => new SharedArrayBuffer(64),
      logger: { info: () => {}, warn: (message, fields) => this.problems.push(`${message}: ${String(fields?.error)}`) },
    };
  }
}

export { settle };
