// Which kinds of operators begin and end streams.
import type { OperatorKind, OperatorSpec } from './operator-spec.ts';

const sourceKinds: ReadonlySet<OperatorKind> = new Set(['sourceFunction', 'splitSource']);
const sinkKinds: ReadonlySet<OperatorKind> = new Set(['sink', 'print', 'collect', 'batchCollect', 'batchCount']);

export function isSourceSpec(spec: OperatorSpec): boolean {
  return sourceKinds.has(spec.kind);
}

export function isSinkSpec(spec: OperatorSpec): boolean {
  return sinkKinds.has(spec.kind);
}
