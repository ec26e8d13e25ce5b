// Makes an operator's `collect`: a function of its own per operator, so that V8 sees one target at each call site and inlines
// the chain (see docs/adr: generated code on the hot path).
import type { TimestampCell } from '../operators/stream-operator.ts';

/** Record counts of one operator; plain fields, read when metrics are sampled. */
export interface OperatorCounters {
  numRecordsIn: number;
  numRecordsOut: number;
}

export interface CollectTarget {
  readonly emit: (value: unknown) => void;
  /** Counters of the chained operator behind it; undefined for channels, which count themselves. */
  readonly counters: OperatorCounters | undefined;
}

type Emit = (value: unknown) => void;

/** Each target sees the element's own timestamp, whatever an earlier target's operators set. */
export function compileCollect(targets: readonly CollectTarget[], own: OperatorCounters, cell: TimestampCell): Emit {
  const lines = ['own.numRecordsOut++;'];
  if (targets.length > 1) lines.push('const timestampMs = cell.timestampMs;');
  targets.forEach((target, i) => {
    if (i > 0) lines.push('cell.timestampMs = timestampMs;');
    if (target.counters) lines.push(`counters[${i}].numRecordsIn++;`);
    lines.push(`emit${i}(value);`);
  });
  const names = targets.map((_, i) => `emit${i}`);
  const bindings = targets.map((t, i) => (t.counters ? `const counters${i} = counters[${i}];` : '')).join('');
  const body = lines.join('\n').replace(/counters\[(\d+)\]/g, 'counters$1');
  const factory = new Function(
    'own',
    'cell',
    'counters',
    ...names,
    `${bindings}return function collect(value) {${body}}`,
  );
  return factory(
    own,
    cell,
    targets.map((t) => t.counters),
    ...targets.map((t) => t.emit),
  ) as Emit;
}
