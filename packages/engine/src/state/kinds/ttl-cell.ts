// Cells of TTL states as a whole: when all of a cell is expired, and what becomes of cells when a state gains or loses its TTL.
import type { KeyedStateKind, StateSchema } from '../state-schema.ts';
import type { TtlPolicy, TtlValue } from './ttl.ts';

/** Tells cells that nothing alive is in: lists and maps expire element by element. */
export function isCellExpired(kind: KeyedStateKind, policy: TtlPolicy): (cell: unknown) => boolean {
  const isExpired = (entry: TtlValue) => policy.isExpired(entry);
  if (kind === 'list') return (cell) => (cell as TtlValue[]).every(isExpired);
  if (kind === 'map') {
    return (cell) => {
      for (const entry of (cell as Map<unknown, TtlValue>).values()) if (!isExpired(entry)) return false;
      return true;
    };
  }
  return (cell) => isExpired(cell as TtlValue);
}

/** Turns restored cells into cells of `wanted`: adds time stamps (as if written at `nowMs`) or takes them off. */
export function ttlConversion(wanted: StateSchema, nowMs: number): (cell: unknown) => unknown {
  const convert =
    wanted.ttlMs === undefined
      ? (entry: unknown) => (entry as TtlValue).v
      : (value: unknown) => ({ t: nowMs, v: value });
  if (wanted.kind === 'list') return (cell) => (cell as unknown[]).map(convert);
  if (wanted.kind !== 'map') return convert;
  return (cell) => new Map([...(cell as Map<unknown, unknown>)].map(([key, value]) => [key, convert(value)]));
}
