// sum, min, max: a data set that takes further aggregations with and().
import type { BatchAggregate } from '../../graph/batch/batch-operator.ts';
import { forwardNone, forwardSame } from '../../graph/batch/forwarded-fields.ts';
import type { Field } from '../../graph/batch/record-key.ts';
import { type Aggregations, aggregateFold, aggregateName, type FieldAggregation } from './aggregations.ts';
import type { DataSet } from './data-set.ts';
import type { DataSetHandle } from './data-set-handle.ts';
import { foldKeyed, keyOfKeyed } from './key-wrapping.ts';
import { checkField, type GivenKeys } from './keys.ts';
import { resolveField } from './record-shape.ts';

export interface AggregateDataSet<T> extends DataSet<T> {
  /** A further field; the name of the operator grows with it. */
  and(aggregation: Aggregations, field: Field): AggregateDataSet<T>;
  andSum(field: Field): AggregateDataSet<T>;
  andMin(field: Field): AggregateDataSet<T>;
  andMax(field: Field): AggregateDataSet<T>;
}

/** @param keys undefined: over everything */
export function aggregateDataSet<T>(
  input: DataSet<T>,
  keys: GivenKeys | undefined,
  given: readonly FieldAggregation[],
  location: string,
): AggregateDataSet<T> {
  const aggregations = given.map(({ aggregation, field }) => ({
    aggregation,
    field: resolveField(input.shape, checkField(field, input.shape, aggregation)).field,
  }));
  const data =
    keys?.kind === 'selector'
      ? aggregateKeyed(input, keys, aggregations, location)
      : aggregateFields(input, keys, aggregations, location);
  const and = (aggregation: Aggregations, field: Field): AggregateDataSet<T> =>
    aggregateDataSet(input, keys, [...given, { aggregation, field }], location);
  return Object.assign(data, {
    and,
    andSum: (field: Field) => and('SUM', field),
    andMin: (field: Field) => and('MIN', field),
    andMax: (field: Field) => and('MAX', field),
  });
}

function aggregateFields<T>(
  input: DataSet<T>,
  keys: (GivenKeys & { kind: 'fields' }) | undefined,
  aggregations: readonly FieldAggregation[],
  location: string,
): DataSet<T> {
  const aggregated = new Set(aggregations.map(({ field }) => field));
  const kept = keys?.key.fields.filter((field) => !aggregated.has(field)) ?? [];
  const operator = input.program.add<BatchAggregate>({
    ...base(input, aggregations, location),
    // Flink's aggregates over everything run in one subtask, but do not say so to what comes after.
    parallelismRule: keys ? { kind: 'default' } : { kind: 'one' },
    outputType: input.operator.outputType,
    forwarded: keys ? forwardSame(kept) : forwardNone,
    key: keys?.key,
    ...aggregateFold(aggregations, input.shape),
  });
  return input.derive(operator, input.shape);
}

/** Flink has no aggregates by key selector; they work like its reduce by key selector here. */
function aggregateKeyed<T>(
  input: DataSet<T>,
  keys: GivenKeys & { kind: 'selector' },
  aggregations: readonly FieldAggregation[],
  location: string,
): DataSet<T> {
  const keyed = input.addKeyExtractor(keys.select);
  const operator = input.program.add<BatchAggregate>({
    ...base(keyed, aggregations, location),
    parallelismRule: { kind: 'default' },
    outputType: undefined,
    forwarded: forwardNone,
    key: keyOfKeyed,
    ...foldKeyed(aggregateFold(aggregations, input.shape)),
  });
  return keyed.derive(operator, keyed.shape).addKeyRemover<T>(input.shape, input.operator.outputType);
}

function base(input: DataSetHandle, aggregations: readonly FieldAggregation[], location: string) {
  return {
    kind: 'aggregate' as const,
    name: aggregateName(aggregations, location),
    parallelism: undefined,
    inputs: [input.operator],
  };
}
