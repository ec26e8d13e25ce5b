// Makes the live model from the cluster's views and metrics.
import type { LocalCluster } from '@yeoul/engine/runtime';
import type { LiveCheckpoint, LiveModel, LiveVertex } from './live-model.ts';
import type { OutputTail } from './output-tail.ts';

type JobDetail = ReturnType<LocalCluster['jobDetail']>;
type VertexDetail = JobDetail['vertices'][number];

export interface LiveModelParts {
  readonly cluster: LocalCluster;
  readonly jobId: string;
  readonly tail: OutputTail;
  /** Of the REST API; undefined: not served. */
  readonly address: string | undefined;
  readonly nowMs: () => number;
}

export class LiveModelSource {
  readonly #cluster: LocalCluster;
  readonly #jobId: string;
  readonly #tail: OutputTail;
  readonly #address: string | undefined;
  readonly #nowMs: () => number;

  constructor({ cluster, jobId, tail, address, nowMs }: LiveModelParts) {
    this.#cluster = cluster;
    this.#jobId = jobId;
    this.#tail = tail;
    this.#address = address;
    this.#nowMs = nowMs;
  }

  next(): LiveModel {
    const detail = this.#cluster.jobDetail(this.#jobId);
    const { counts, latest } = detail.checkpoints;
    return {
      jobId: this.#jobId,
      jobName: detail.name,
      status: detail.state,
      uptimeMs: detail.durationMs,
      restarts: detail.restarts,
      address: this.#address,
      vertices: detail.vertices.map((vertex) => this.#vertex(vertex)),
      checkpointing: detail.checkpointing.intervalMs !== undefined,
      lastCheckpoint: this.#lastCheckpoint(detail),
      completedCheckpoints: counts.completed,
      failedCheckpoints: counts.failed,
      restoredFrom: latest.restored?.id,
      output: this.#tail.lines,
      outputLines: this.#tail.count,
      failure: detail.exceptions.root?.message,
    };
  }

  #lastCheckpoint({ checkpoints }: JobDetail): LiveCheckpoint | undefined {
    const last = checkpoints.latest.completed;
    if (!last) return undefined;
    const agoMs = Math.max(0, this.#nowMs() - last.latestAckTimestampMs);
    return { id: last.id, durationMs: last.endToEndMs, sizeBytes: last.stateBytes, agoMs };
  }

  #vertex(vertex: VertexDetail): LiveVertex {
    const metrics = this.#cluster.metrics.vertex(this.#jobId, vertex.id);
    const values = (name: string) =>
      vertex.subtasks.flatMap(({ subtask }) => {
        const value = metrics.get(`${subtask}.${name}`);
        return typeof value === 'number' ? [value] : [];
      });
    return {
      name: vertex.name,
      parallelism: vertex.parallelism,
      status: vertex.status,
      recordsIn: vertex.metrics.readRecords,
      recordsOut: vertex.metrics.writeRecords,
      inPerSecond: sum(values('numRecordsInPerSecond')),
      outPerSecond: sum(values('numRecordsOutPerSecond')),
      busy: average(values('busyTimeMsPerSecond')) / 1000,
      backPressured: average(values('backPressuredTimeMsPerSecond')) / 1000,
      watermarkMs: minimum(values('currentInputWatermark')),
    };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

function minimum(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.min(...values);
}
