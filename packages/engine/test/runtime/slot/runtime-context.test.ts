import { describe, expect, test } from 'vitest';
import { DoubleCounter, HistogramAccumulator, IntCounter, LongCounter } from '../../../src/api/accumulators.ts';
import type { MetricGroup } from '../../../src/api/metrics.ts';
import { type AccumulatorMap, OperatorRuntimeContext } from '../../../src/runtime/slot/runtime-context.ts';

function createContext(accumulators: AccumulatorMap): OperatorRuntimeContext {
  const info = {
    jobId: 'j',
    jobName: 'job',
    taskName: 'task (1/1)',
    operatorId: 'o',
    operatorName: 'operator',
    indexOfThisSubtask: 0,
    numberOfParallelSubtasks: 1,
    maxNumberOfParallelSubtasks: 128,
    attemptNumber: 0,
    globalJobParameters: {},
    metricGroup: {} as MetricGroup,
  };
  return new OperatorRuntimeContext(info, undefined, accumulators);
}

describe('accumulators by kind', () => {
  test('are added when there is none of that name, and are one and the same from then on', () => {
    const accumulators: AccumulatorMap = new Map();
    const [context, ofNextOperator] = [createContext(accumulators), createContext(accumulators)];
    context.getIntCounter('int').add(2);
    ofNextOperator.getIntCounter('int').add(3);
    context.getHistogram('histogram').add(7);
    expect(context.getIntCounter('int').getLocalValue()).toBe(5);
    const all = [
      context.getIntCounter('int'),
      context.getLongCounter('long'),
      context.getDoubleCounter('double'),
      context.getHistogram('histogram'),
    ];
    expect(all.map((counter) => counter.constructor)).toEqual([
      IntCounter,
      LongCounter,
      DoubleCounter,
      HistogramAccumulator,
    ]);
    expect([...accumulators.keys()].sort()).toEqual(['double', 'histogram', 'int', 'long']);
  });

  test('that are there with another kind are refused', () => {
    const context = createContext(new Map());
    context.addAccumulator('a', new LongCounter());
    expect(() => context.getIntCounter('a')).toThrow(expect.objectContaining({ code: 'ACCUMULATOR_EXISTS' }));
    expect(context.getLongCounter('a').getLocalValue()).toBe(0);
  });
});
