import { describe, expect, test } from 'vitest';
import { SimpleCounter } from '../../src/metrics/counter.ts';
import { WindowHistogram } from '../../src/metrics/histogram.ts';
import { WindowMeter } from '../../src/metrics/meter.ts';
import { SlotMetricGroup } from '../../src/metrics/metric-group.ts';
import { aggregateMetrics, selectMetrics } from '../../src/metrics/metric-registry.ts';
import { operatorMetricId } from '../../src/metrics/metric-scopes.ts';
import { JOB_ID, Machine, program, settle, twoVertexGraph } from '../runtime/coordinator/support/cluster-fixture.ts';
import { VirtualClock } from '../runtime/coordinator/support/virtual-clock.ts';

describe('slot side', () => {
  test('a counter counts up and down', () => {
    const counter = new SimpleCounter();
    counter.inc();
    counter.inc(5);
    counter.dec(2);
    expect(counter.getCount()).toBe(4);
  });

  test('a meter is the rate of the last minute, or since it was made', async () => {
    const clock = new VirtualClock();
    const meter = new WindowMeter(() => clock.monotonicMs());
    for (let second = 0; second < 10; second++) {
      meter.markEvent(50);
      await clock.advance(1000);
      expect(meter.getRate()).toBe(50);
    }
    for (let second = 0; second < 120; second++) {
      meter.markEvent(10);
      await clock.advance(1000);
      meter.getRate();
    }
    expect(meter.getRate()).toBeCloseTo(10, 5);
    expect(meter.getCount()).toBe(1700);
  });

  test('a histogram is over the last thousand values', () => {
    const histogram = new WindowHistogram();
    expect(histogram.getStatistics()).toMatchObject({ count: 0, min: 0, max: 0, mean: 0, stddev: 0 });
    for (let value = 1; value <= 2000; value++) histogram.update(value);
    const statistics = histogram.getStatistics();
    expect(histogram.getCount()).toBe(2000);
    expect(statistics).toMatchObject({ count: 1000, min: 1001, max: 2000, mean: 1500.5 });
    expect([0, 0.5, 1].map((quantile) => statistics.getQuantile(quantile))).toEqual([1001, 1500.5, 2000]);
  });

  test('a group gives all values by dotted name; a gauge that throws says so', () => {
    const group = new SlotMetricGroup(new VirtualClock());
    group.counter('events').inc(3);
    group.addGroup('key', 'value').gauge('size', () => 7);
    group.addGroup('inner').gauge('text', { getValue: () => ['a'] });
    group.gauge('broken', () => {
      throw new Error('no');
    });
    group.meter('rate');
    group.histogram('latency').update(4);
    const values = group.snapshot();
    expect(values).toMatchObject({
      events: 3,
      'key.value.size': 7,
      'inner.text': 'a',
      rate: 0,
      latency_count: 1,
      latency_min: 4,
      latency_p99: 4,
      latency_median: 4,
    });
    expect(values.broken).toBe('error: Error: no');
  });
});

describe('ids', () => {
  test.each([
    ['Source: Custom Source', 'Source__Custom_Source.numRecordsIn'],
    ['Sink: Print to Std. Out', 'Sink__Print_to_Std__Out.numRecordsIn'],
    ['Flat Map', 'Flat_Map.numRecordsIn'],
    ['Window(TumblingEventTimeWindows(1000), F)', 'Window(TumblingEventTimeWindows(1000)__F).numRecordsIn'],
  ])('of operator %s are as Flink writes them', (operator, id) => {
    expect(operatorMetricId(operator, 'numRecordsIn')).toBe(id);
  });
});

describe('the registry', () => {
  async function running() {
    const machine = new Machine();
    const cluster = await machine.open();
    await cluster.submitGraph(
      twoVertexGraph({ intervalMs: 1000, restart: { kind: 'fixed-delay', delayMs: 500 } }),
      program,
      {
        jobId: JOB_ID,
      },
    );
    await settle();
    for (const slot of machine.slots.live) {
      slot.say({
        type: 'reports',
        requestId: undefined,
        reports: slot.tasks().map(({ deployment }) => ({
          executionId: deployment.executionId,
          task: { numRecordsIn: 10 * (deployment.subtaskIndex + 1) },
          operators: { 'Flat Map': { numRecordsIn: 5, myGauge: 'text' } },
          accumulators: {
            total: { kind: 'LongCounter', value: 2 },
            seen: { kind: 'ListAccumulator', value: [deployment.subtaskIndex] },
          },
        })),
        slot: { heapUsedBytes: 10, heapTotalBytes: 20, externalBytes: 0, utilization: 0.5 },
      });
    }
    return { machine, cluster };
  }

  test("lists and gives vertex, subtask and operator metrics by Flink's ids", async () => {
    const { cluster } = await running();
    const values = cluster.metrics.vertex(JOB_ID, 'sink');
    expect([...values.keys()]).toEqual([
      '0.numRecordsIn',
      '0.Flat_Map.numRecordsIn',
      '0.Flat_Map.myGauge',
      '1.numRecordsIn',
      '1.Flat_Map.numRecordsIn',
      '1.Flat_Map.myGauge',
    ]);
    expect(selectMetrics(values, ['1.numRecordsIn', 'unknown', '0.Flat_Map.myGauge'])).toEqual([
      { id: '1.numRecordsIn', value: '20' },
      { id: '0.Flat_Map.myGauge', value: 'text' },
    ]);
    expect(cluster.metrics.subtask(JOB_ID, 'sink', 1).get('numRecordsIn')).toBe(20);
    expect(aggregateMetrics(cluster.metrics.subtasks(JOB_ID, 'sink'), ['numRecordsIn', 'unknown'])).toEqual([
      { id: 'numRecordsIn', min: 10, max: 20, average: 15, sum: 30 },
    ]);
    expect(cluster.metrics.vertex('unknown', 'sink').size).toBe(0);
  });

  test('merges accumulators over subtasks', async () => {
    const { cluster } = await running();
    expect(cluster.jobDetail(JOB_ID).accumulators).toEqual([
      { name: 'seen', type: 'ListAccumulator', value: [0, 1, 0, 1] },
      { name: 'total', type: 'LongCounter', value: 8 },
    ]);
    expect(cluster.jobDetail(JOB_ID).vertices[0]?.accumulators[1]).toEqual({
      name: 'total',
      type: 'LongCounter',
      value: 4,
    });
  });

  test("has Flink's job metrics", async () => {
    const { machine, cluster } = await running();
    await machine.clock.advance(2500);
    const job = () => Object.fromEntries(cluster.metrics.job(JOB_ID));
    expect(job()).toMatchObject({
      numberOfCompletedCheckpoints: 2,
      totalNumberOfCheckpoints: 2,
      numberOfFailedCheckpoints: 0,
      numberOfInProgressCheckpoints: 0,
      lastCheckpointSize: 40,
      lastCheckpointExternalPath: `/data/checkpoints/${JOB_ID}/chk-2`,
      uptime: 2500,
      downtime: 0,
      numRestarts: 0,
    });
    const [task] = machine.slots.tasks();
    task!.slot.state(task!, 'FAILED', 'boom');
    await machine.clock.advance(200);
    expect(job()).toMatchObject({ uptime: 0, downtime: 200, restartingTime: 200, fullRestarts: 1 });
    await machine.clock.advance(1000);
    expect(job()).toMatchObject({ uptime: 700, downtime: 0, restartingTime: 500 });
  });
});
