// Cells of TTL states as a whole: when all of a cell is expired, and what becomes of cells when a state gains or loses its TTL.
import { canHaveParts, SplitHead } from '../parts.ts';
import type { KeyedStateKind, StateSchema } from '../state-schema.ts';
import type { TtlPolicy, TtlValue } from './ttl.ts';

/** Tells cells that nothing alive is in: lists and maps expire element by element. */
export function isCellExpired(kind: KeyedStateKind, policy: TtlPolicy): (cell: unknown) => boolean {
  const isExpired = (entry: TtlValue) => policy.isExpired(entry);
  if (canHaveParts(kind)) {
    const arePartElementsExpired = areElementsExpired(kind, isExpired);
    return (cell) => !(cell instanceof SplitHead) && arePartElementsExpired(cell);
  }
  return (cell) => isExpired(cell as TtlValue);
}

function areElementsExpired(kind: KeyedStateKind, isExpired: (entry: TtlValue) => boolean): (cell: unknown) => boolean {
  if (kind === 'list') return (cell) => (cell as TtlValue[]).every(isExpired);
  return (cell) => {
    for (const entry of (cell as Map<unknown, TtlValue>).values()) if (!isExpired(entry)) return false;
    return true;
  };
}

/** Turns restored cells into cells of `wanted`: adds time stamps (as if written at `nowMs`) or takes them off. */
export function ttlConversion(wanted: StateSchema, nowMs: number): (cell: unknown) => unknown {
  const convert =
    wanted.ttlMs === undefined
      ? (entry: unknown) => (entry as TtlValue).v
      : (value: unknown) => ({ t: nowMs, v: value });
  if (!canHaveParts(wanted.kind)) return convert;
  const convertElements =
    wanted.kind === 'list'
      ? (cell: unknown) => (cell as unknown[]).map(convert)
      : (cell: unknown) => new Map([...(cell as Map<unknown, unknown>)].map(([key, value]) => [key, convert(value)]));
  return (cell) => (cell instanceof SplitHead ? cell : convertElements(cell));
}
