// From spec to running operator: one factory per kind.
import type { OperatorKind, OperatorSpec } from '../../graph/operator-spec.ts';
import { createAsyncWaitOperator } from './async/async-wait-operator.ts';
import { batchOperatorFactories } from './batch/batch-operator-factories.ts';
import { createFilterOperator } from './filter-operator.ts';
import { createFlatMapOperator } from './flat-map-operator.ts';
import { createIntervalJoinOperator } from './join/interval-join-operator.ts';
import { createKeyedReduceOperator } from './keyed-reduce-operator.ts';
import { createMapOperator } from './map-operator.ts';
import { createBroadcastProcessOperator } from './process/broadcast-process-operator.ts';
import { createCoFlatMapOperator, createCoMapOperator, createCoProcessOperator } from './process/co-operators.ts';
import { createProcessOperator } from './process/process-operator.ts';
import { createCollectSinkOperator } from './sink/collect-sink-operator.ts';
import { createPrintSinkOperator } from './sink/print-sink-operator.ts';
import { createSinkOperator } from './sink/sink-operator.ts';
import { createSourceFunctionOperator } from './source/source-function-operator.ts';
import { createSplitSourceOperator } from './source/split-source-operator.ts';
import type { OperatorContext, StreamOperator } from './stream-operator.ts';
import { createTimestampsAndWatermarksOperator } from './time/timestamps-and-watermarks-operator.ts';
import { createWindowOperator } from './window/create-window-operator.ts';

type OperatorFactories = {
  readonly [K in OperatorKind]: (spec: Extract<OperatorSpec, { kind: K }>, context: OperatorContext) => StreamOperator;
};

const factories: OperatorFactories = {
  map: createMapOperator,
  filter: createFilterOperator,
  flatMap: createFlatMapOperator,
  keyedReduce: createKeyedReduceOperator,
  sourceFunction: createSourceFunctionOperator,
  splitSource: createSplitSourceOperator,
  process: createProcessOperator,
  timestampsAndWatermarks: createTimestampsAndWatermarksOperator,
  window: createWindowOperator,
  intervalJoin: createIntervalJoinOperator,
  asyncWait: createAsyncWaitOperator,
  coMap: createCoMapOperator,
  coFlatMap: createCoFlatMapOperator,
  coProcess: createCoProcessOperator,
  broadcastProcess: createBroadcastProcessOperator,
  sink: createSinkOperator,
  print: createPrintSinkOperator,
  collect: createCollectSinkOperator,
  custom: (spec, context) => spec.createOperator(context),
  ...batchOperatorFactories,
};

/** Makes the operator of `spec`. Its context's outputs and backends must be ready (O6). */
export function createOperator(spec: OperatorSpec, context: OperatorContext): StreamOperator {
  const create = factories[spec.kind] as (spec: OperatorSpec, context: OperatorContext) => StreamOperator;
  return create(spec, context);
}
