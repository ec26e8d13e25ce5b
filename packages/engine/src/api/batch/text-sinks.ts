import type { OperatorSpec } from '../../graph/operator-spec.ts';
import { formatRecord } from '../format-record.ts';
import type { SinkContext } from '../process-context.ts';
import type { SinkFunction } from '../user-functions.ts';

/** Writes records as lines, tuples as Flink shows them. */
export function textSinkSpec(sink: SinkFunction<unknown>): OperatorSpec {
  return {
    kind: 'sink',
    fn: (record: unknown, context: SinkContext) => sink.invoke(formatRecord(record), context),
    finish: () => sink.finish?.(),
    rich: sink,
  };
}
