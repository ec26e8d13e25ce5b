// Follows a job to its end: draws the live view, or prints a summary line now and then, or just waits.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalCluster } from '@yeoul/engine/runtime';
import type { CommandContext } from '../command-context.ts';
import { formatBytes, formatCount, formatDuration } from '../format.ts';
import type { LiveModel } from './live-model.ts';
import { LiveModelSource } from './live-model-source.ts';
import { LiveScreen } from './live-screen.ts';
import type { OutputTail } from './output-tail.ts';
import { renderLive } from './render-live.ts';

export interface JobOutcome {
  readonly jobId: string;
  readonly state: string;
  readonly durationMs: number;
  readonly failure: JobFailure | undefined;
  readonly accumulators: readonly { readonly name: string; readonly type: string; readonly value: unknown }[];
}

export interface JobFailure {
  readonly message: string;
  /** Catalogue code; undefined: the user's own error. */
  readonly code: string | undefined;
  readonly stackTrace: string;
  readonly taskName: string | undefined;
}

export interface View {
  /** The view's output part; undefined: no live view. */
  readonly tail: OutputTail | undefined;
  /** Of the REST API; undefined: not served. */
  readonly address: string | undefined;
}

export interface WatchOptions extends View {
  readonly context: CommandContext;
}

const REFRESH_MS = 1000;
/** Without a terminal a summary line every so often. */
const SUMMARY_MS = 5000;

export async function watchJob(cluster: LocalCluster, jobId: string, options: WatchOptions): Promise<JobOutcome> {
  const ended = new AbortController();
  const { address, context, tail } = options;
  const source = tail && new LiveModelSource({ cluster, jobId, tail, address, nowMs: context.nowMs });
  const view = source && showLive(source, context, ended.signal);
  await cluster.awaitResult(jobId).catch(() => undefined);
  ended.abort();
  await view;
  const { state, durationMs, exceptions, accumulators } = cluster.jobDetail(jobId);
  return { jobId, state, durationMs, failure: exceptions.root, accumulators };
}

async function showLive(source: LiveModelSource, context: CommandContext, ended: AbortSignal): Promise<void> {
  const show = context.stdout.isTTY ? drawer(context) : summariser(context);
  while (!ended.aborted) {
    show.next(source.next());
    await sleep(REFRESH_MS, undefined, { signal: ended }).catch(() => undefined);
  }
  show.next(source.next());
  show.close();
}

interface Shower {
  next(model: LiveModel): void;
  close(): void;
}

function drawer(context: CommandContext): Shower {
  const screen = new LiveScreen(context.stdout);
  return {
    next: (model) => screen.draw(renderLive(model, screen.columns)),
    close: () => screen.close(),
  };
}

function summariser(context: CommandContext): Shower {
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastStatus = '';
  return {
    next: (model) => {
      const nowMs = context.nowMs();
      if (nowMs - lastMs < SUMMARY_MS && model.status === lastStatus) return;
      lastMs = nowMs;
      lastStatus = model.status;
      context.stdout.write(`${summary(model)}\n`);
    },
    close: () => undefined,
  };
}

function summary(model: LiveModel): string {
  const flow = model.vertices.map(
    (v) => `${v.name}: ${formatCount(v.inPerSecond)}/s in, ${formatCount(v.outPerSecond)}/s out`,
  );
  const last = model.lastCheckpoint;
  const checkpoint = last
    ? `checkpoint #${last.id} ${formatDuration(last.durationMs)} ${formatBytes(last.sizeBytes)}`
    : 'no checkpoint yet';
  const failure = model.failure === undefined || model.status === 'RUNNING' ? [] : [model.failure];
  return [`${model.jobName} ${model.status} ${formatDuration(model.uptimeMs)}`, ...flow, checkpoint, ...failure].join(
    ' | ',
  );
}
