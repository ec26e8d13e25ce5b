// sum, min and max over fields, folded record by record. Fields that are neither key nor aggregated come from the last record,
// as in Flink.
import { appError } from '../../errors.ts';
import type { Field } from '../../graph/batch/record-key.ts';
import { type RecordShape, resolveField } from './record-shape.ts';

export const Aggregations = { SUM: 'SUM', MIN: 'MIN', MAX: 'MAX' } as const;
export type Aggregations = (typeof Aggregations)[keyof typeof Aggregations];

export interface FieldAggregation {
  readonly aggregation: Aggregations;
  readonly field: Field;
}

export interface AggregateFold {
  readonly start: (record: unknown) => unknown;
  readonly fn: (folded: unknown, record: unknown) => unknown;
}

type AnyRecord = Record<Field, unknown>;

export function aggregateFold(aggregations: readonly FieldAggregation[], shape: RecordShape): AggregateFold {
  const steps = aggregations.map(({ aggregation, field }) => ({
    property: resolveField(shape, field).property,
    combine: combiners[aggregation],
  }));
  return {
    start: (record) => {
      for (const { property, combine } of steps) combine((record as AnyRecord)[property], undefined, property);
      return copyRecord(record);
    },
    fn: (folded, record) => {
      const target = folded as AnyRecord;
      const results = steps.map((s) => s.combine((record as AnyRecord)[s.property], target[s.property], s.property));
      Object.assign(target, record);
      steps.forEach(({ property }, i) => {
        target[property] = results[i];
      });
      return target;
    },
  };
}

type Combine = (value: unknown, folded: unknown, field: Field) => unknown;

const combiners: Readonly<Record<Aggregations, Combine>> = {
  SUM: (value, folded, field) => {
    if (typeof value === 'bigint') return folded === undefined ? value : (folded as bigint) + value;
    if (typeof value !== 'number') throw appError('INVALID_AGGREGATE', ['sum', field, describe(value)]);
    return folded === undefined ? value : (folded as number) + value;
  },
  MIN: (value, folded, field) => (folded === undefined || isLess(value, folded, 'min', field) ? value : folded),
  MAX: (value, folded, field) => (folded === undefined || isLess(folded, value, 'max', field) ? value : folded),
};

function isLess(a: unknown, b: unknown, operation: string, field: Field): boolean {
  if (a === undefined || a === null || typeof a !== typeof b) {
    throw appError('INVALID_AGGREGATE', [operation, field, `${describe(a)} and ${describe(b)}`]);
  }
  return (a as number) < (b as number);
}

function describe(value: unknown): string {
  return value === null || value === undefined ? String(value) : `a ${typeof value}`;
}

function copyRecord(record: unknown): unknown {
  if (Array.isArray(record)) return record.slice();
  return Object.assign(Object.create(Object.getPrototypeOf(record) as object | null) as object, record);
}

/** Flink's default name, with its bracket missing: "SUM(1), at main(word-count.ts:12". */
export function aggregateName(aggregations: readonly FieldAggregation[], location: string): string {
  const calls = aggregations.map(({ aggregation, field }) => `${aggregation}(${field}),`).join('');
  return `${calls} at ${location}`.slice(0, -1);
}
