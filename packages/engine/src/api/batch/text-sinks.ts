import type { OperatorSpec } from '../../graph/operator-spec.ts';
import type { SinkContext } from '../process-context.ts';
import type { SinkFunction } from '../user-functions.ts';
import { formatValue } from './format-value.ts';

/** Writes records as lines, tuples as Flink shows them. */
export function textSinkSpec(sink: SinkFunction<unknown>): OperatorSpec {
  return {
    kind: 'sink',
    fn: (record: unknown, context: SinkContext) => sink.invoke(formatValue(record), context),
    finish: () => sink.finish?.(),
    rich: sink,
  };
}
