// bars.json as types: which cases there are, with their sizes, and what must hold for each.
import type { Backend, Bench } from './protocol.ts';

export interface RatioBar {
  /** Least median of yeoul/flink. */
  readonly bar: number;
  /** What the next step aims at. */
  readonly goal?: number;
}

/** One throughput comparison. */
export interface ThroughputCase {
  readonly bench: Bench;
  readonly records?: number;
  readonly keys?: number;
  /** Size of the word count's text. */
  readonly textMiB?: number;
  readonly checkpointMs?: number;
  readonly backend?: Backend;
  readonly ratio: RatioBar;
}

export interface Bars {
  readonly throughput: Readonly<Record<string, ThroughputCase>>;
  readonly checkpoint: {
    readonly cases: readonly string[];
    /** Records of every case: enough for several checkpoints a run. */
    readonly records: number;
    readonly maxThroughputLossPercent: number;
    readonly maxSyncMs: number;
  };
  readonly startup: { readonly maxStartToRunningMs: number; readonly maxIdleMiB: number };
  readonly rest: { readonly requestsPerSecond: number; readonly maxThroughputLossPercent: number };
  readonly latency: { readonly recordsPerSecond: number; readonly seconds: number; readonly maxP99Ms: number };
}

/** One thing held against its bar. */
export interface BarCheck {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: string;
  readonly holds: boolean;
}

export function checkAtLeast(what: string, measured: number, limit: number, unit: string): BarCheck {
  return { what, measured, limit, unit, holds: measured >= limit };
}

export function checkAtMost(what: string, measured: number, limit: number, unit: string): BarCheck {
  return { what, measured, limit, unit, holds: measured <= limit };
}

export function describeCheck({ what, measured, limit, unit, holds }: BarCheck): string {
  return `${holds ? 'holds ' : 'MISSED'}  ${what}: ${round(measured)}${unit} (bar ${limit}${unit})`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
