// How fixed windows lie over slices of time. Pure arithmetic over epoch ms; intervals are [start, end).
//   Shared: windows are made of slices of gcd(size, slide); an element is added once, to its slice.
//   Not shared: every window has its own pane, keyed by its start; an element is added to each of its windows.
import { TimeWindow } from '../../../api/windows/window.ts';
import type { BuiltInAssigner } from '../../../api/windows/window-assigner.ts';

/** Beyond this a window is cheaper to keep on its own than to merge from slices. */
const MAX_SLICES_PER_WINDOW = 64;

export interface SliceGeometry {
  readonly sizeMs: number;
  readonly slideMs: number;
  readonly offsetMs: number;
  /** Elements of one slice belong to the same windows. */
  readonly sliceMs: number;
  readonly shared: boolean;
}

/** @returns undefined: not tumbling or sliding, or with gaps between windows */
export function tryCreateGeometry(assigner: BuiltInAssigner | undefined, mayShare: boolean): SliceGeometry | undefined {
  if (assigner?.kind === 'tumbling') {
    const { sizeMs, offsetMs } = assigner;
    return { sizeMs, slideMs: sizeMs, offsetMs, sliceMs: sizeMs, shared: false };
  }
  if (assigner?.kind !== 'sliding' || assigner.slideMs > assigner.sizeMs) return undefined;
  const { sizeMs, slideMs, offsetMs } = assigner;
  const sliceMs = greatestCommonDivisor(sizeMs, slideMs);
  const shared = mayShare && slideMs < sizeMs && sizeMs / sliceMs <= MAX_SLICES_PER_WINDOW;
  return { sizeMs, slideMs, offsetMs, sliceMs, shared };
}

export function sliceStartOf(geometry: SliceGeometry, timestampMs: number): number {
  return TimeWindow.getWindowStartWithOffset(timestampMs, geometry.offsetMs, geometry.sliceMs);
}

/** Starts of the windows that hold the slice, latest first (the order of Flink's assigners). */
export function windowStartsOf(geometry: SliceGeometry, sliceStartMs: number): number[] {
  const starts: number[] = [];
  let start = TimeWindow.getWindowStartWithOffset(sliceStartMs, geometry.offsetMs, geometry.slideMs);
  for (; start > sliceStartMs - geometry.sizeMs; start -= geometry.slideMs) starts.push(start);
  return starts;
}

/** Starts of the panes that make up the window, in time order. */
export function paneStartsOf(geometry: SliceGeometry, windowStartMs: number): number[] {
  if (!geometry.shared) return [windowStartMs];
  const starts: number[] = [];
  for (let start = windowStartMs; start < windowStartMs + geometry.sizeMs; start += geometry.sliceMs)
    starts.push(start);
  return starts;
}

/** Starts of the panes that no later window needs, once this window is gone. */
export function lastPaneStartsOf(geometry: SliceGeometry, windowStartMs: number): number[] {
  if (!geometry.shared) return [windowStartMs];
  return paneStartsOf(geometry, windowStartMs).filter((start) => start < windowStartMs + geometry.slideMs);
}

/** Names the layout of the panes in state. */
export function describeGeometry(geometry: SliceGeometry): string {
  const { sizeMs, slideMs, offsetMs, shared } = geometry;
  return `panes of size ${sizeMs} ms, slide ${slideMs} ms, offset ${offsetMs} ms${shared ? ', shared' : ''}`;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
