import type { Engine } from './engines.ts';
import { type Chart, renderChart } from './svg-chart.ts';
import type { ThroughputResult } from './throughput-result.ts';

const COLORS: Readonly<Record<Engine, string>> = { yeoul: '#1f7a8c', flink: '#e6526f', plain: '#a3acb5' };
const NAMES: Readonly<Record<Engine, string>> = { yeoul: 'Yeoul', flink: 'Flink 2.2', plain: 'plain loop' };

/** @returns the result as a picture (SVG) */
export function drawThroughput(result: ThroughputResult): string {
  const { options, ratio } = result;
  const bars = Object.entries(result.engines).map(([engine, { recordsPerSecond, peakMiB }]) => ({
    label: NAMES[engine as Engine],
    color: COLORS[engine as Engine],
    spread: recordsPerSecond,
    note: `${(recordsPerSecond.median / 1e6).toFixed(2)} M/s · ${peakMiB} MiB`,
  }));
  const chart: Chart = {
    title: `${result.bench}${ratio === null ? '' : `: ${ratio.median.toFixed(1)}× Flink (${ratio.min.toFixed(1)}–${ratio.max.toFixed(1)})`}`,
    subtitle: [
      `parallelism ${options.parallelism}`,
      options.bench === 'wordcount' ? 'text file' : `${options.records / 1e6} M records, ${options.keys} keys`,
      options.checkpointMs > 0 ? `checkpoint every ${options.checkpointMs} ms` : 'no checkpoints',
      options.backend === 'disk' ? 'disk state (Flink: RocksDB)' : 'heap state',
      result.checksumsEqual ? 'checksums equal' : 'CHECKSUMS DIFFER',
    ].join(' · '),
    unit: 'records per second',
    bars,
  };
  return renderChart(chart);
}
