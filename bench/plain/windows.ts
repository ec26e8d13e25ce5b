import { fahrenheitOf, nextRandom, seedOf, sensorIds } from '../src/generator.ts';
import type { RunOptions } from '../src/protocol.ts';
import type { Repetition } from '../src/serve-runs.ts';

interface Sum {
  sum: number;
  count: number;
}
/** Start of a pane in ms → sensor → sum. */
type Panes = Map<number, Map<string, Sum>>;

/** The window average as one loop: every reading into its pane, then each window from its panes. */
export function plainWindows(options: RunOptions, sizeMs: number, slideMs: number): Repetition {
  return { records: options.records, ...averageWindows(fillPanes(options, slideMs), sizeMs, slideMs) };
}

function fillPanes({ records, keys, parallelism }: RunOptions, slideMs: number): Panes {
  const panes: Panes = new Map();
  for (let subtask = 0; subtask < parallelism; subtask++) {
    const ids = sensorIds(Math.floor(keys / parallelism), parallelism, subtask);
    const count = Math.floor(records / parallelism);
    let x = seedOf(subtask);
    for (let i = 0; i < count; i++) {
      x = nextRandom(x);
      const timeMs = Math.floor((i * parallelism) / 100);
      const celsius = (fahrenheitOf(x) - 32) * (5 / 9);
      const paneMs = Math.floor(timeMs / slideMs) * slideMs;
      let pane = panes.get(paneMs);
      if (pane === undefined) {
        pane = new Map();
        panes.set(paneMs, pane);
      }
      const id = ids[(x >>> 1) % ids.length]!;
      const sum = pane.get(id);
      if (sum === undefined) {
        pane.set(id, { sum: celsius, count: 1 });
      } else {
        sum.sum += celsius;
        sum.count++;
      }
    }
  }
  return panes;
}

function averageWindows(panes: Panes, sizeMs: number, slideMs: number): { results: number; checksum: number } {
  let results = 0;
  let checksum = 0;
  const lastPaneMs = Math.max(...panes.keys());
  for (let endMs = slideMs; endMs <= lastPaneMs + sizeMs; endMs += slideMs) {
    const merged = new Map<string, Sum>();
    for (let paneMs = endMs - sizeMs; paneMs < endMs; paneMs += slideMs) mergePane(merged, panes.get(paneMs));
    for (const { sum, count } of merged.values()) {
      results++;
      checksum += Math.round((sum / count) * 1000);
    }
  }
  return { results, checksum };
}

function mergePane(merged: Map<string, Sum>, pane: Map<string, Sum> | undefined): void {
  if (pane === undefined) return;
  for (const [id, { sum, count }] of pane) {
    const into = merged.get(id);
    if (into === undefined) {
      merged.set(id, { sum, count });
    } else {
      into.sum += sum;
      into.count += count;
    }
  }
}
