import type { TimeWindow } from './window.ts';

/**
 * Groups windows that touch or overlap and reports every group of two or more
 * (source: Apache Flink, TimeWindow#mergeWindows).
 */
export function mergeTimeWindows(
  windows: readonly TimeWindow[],
  callback: (merged: readonly TimeWindow[], result: TimeWindow) => void,
): void {
  const sorted = [...windows].sort((a, b) => a.start - b.start);
  let group: TimeWindow[] = [];
  let cover: TimeWindow | undefined;
  for (const window of sorted) {
    if (cover?.intersects(window)) {
      cover = cover.cover(window);
      group.push(window);
      continue;
    }
    if (cover && group.length > 1) callback(group, cover);
    group = [window];
    cover = window;
  }
  if (cover && group.length > 1) callback(group, cover);
}
