// Answers and parameters of the metric pages.
import { Type } from 'typebox';

/** Without `get`: ids. With it: values, as text; unknown ids are left out. */
export const MetricList = Type.Array(Type.Object({ id: Type.String(), value: Type.Optional(Type.String()) }));

/** Without `get`: ids. With it: the asked aggregates, all of them when `agg` is missing. */
export const AggregatedMetricList = Type.Array(
  Type.Object({
    id: Type.String(),
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
    avg: Type.Optional(Type.Number()),
    sum: Type.Optional(Type.Number()),
    /** Of later versions. */
    skew: Type.Optional(Type.Number()),
  }),
);

const get = { type: 'string', isList: true, description: 'Ids of metrics' } as const;

export const metricParameters = { get } as const;

export const aggregateParameters = {
  get,
  agg: {
    type: 'enum',
    values: ['min', 'max', 'sum', 'avg', 'skew'],
    isList: true,
    description: 'Aggregates; default: all',
  },
} as const;
