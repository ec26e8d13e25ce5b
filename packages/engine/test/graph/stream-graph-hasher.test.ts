import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BoundedOutOfOrdernessTimestampExtractor,
  StreamExecutionEnvironment,
  Time,
  type TimeWindow,
  TumblingEventTimeWindows,
  type WindowFunction,
} from '../../src/index.ts';
import { naiveOperatorIds } from './naive-ids.ts';
import { buildRandomProgram, type ProgramStep, programSteps } from './random-programs.ts';

interface Reading {
  readonly id: string;
  readonly timestamp: number;
}

class SensorTimeAssigner extends BoundedOutOfOrdernessTimestampExtractor<Reading> {
  constructor() {
    super(Time.seconds(5));
  }
  override extractElementTimestamp(reading: Reading): number {
    return reading.timestamp;
  }
}

class TemperatureAverager implements WindowFunction<Reading, Reading, string, TimeWindow> {
  apply(): void {}
}

function golden(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8'));
}

describe('operator ids', () => {
  it("of Flink's State machine example are those of Flink", () => {
    const env = new StreamExecutionEnvironment();
    env
      .addSource<Reading>(() => undefined)
      .keyBy('id')
      .flatMap(() => [])
      .print();
    expect(env.getJobGraph('State machine job').plan).toEqual(golden('statemachine-plan.json'));
  });

  it('of the sensor averages are those of Flink', () => {
    const env = new StreamExecutionEnvironment();
    const readings = env.addSource<Reading>(() => undefined).assignTimestampsAndWatermarks(new SensorTimeAssigner());
    const windows = readings
      .map((reading) => reading)
      .keyBy('id')
      .window(TumblingEventTimeWindows.of(Time.seconds(1)));
    windows.apply(new TemperatureAverager()).print();
    expect(env.getJobGraph('Compute average sensor temperature').plan).toEqual(golden('sensors-plan.json'));
  });

  it('follow the rule for any topology', () => {
    fc.assert(
      fc.property(programSteps, fc.boolean(), (steps: readonly ProgramStep[], chaining) => {
        const env = buildRandomProgram(steps, chaining);
        const graph = env.getJobGraph('random');
        const ids = new Map(graph.vertices.flatMap((v) => v.operators.map((o) => [o.nodeId, o.operatorId] as const)));
        expect(ids).toEqual(naiveOperatorIds(env.builder.operators, chaining));
      }),
      { numRuns: 300 },
    );
  });

  it('do not depend on names, functions or parallelism that agrees', () => {
    const ids = (parallelism: number, name: string) => {
      const env = new StreamExecutionEnvironment().setParallelism(parallelism);
      env
        .fromSequence(1, 9)
        .map((x) => x + parallelism)
        .name(name)
        .keyBy((x) => x % 2)
        .sum()
        .print();
      return env.getJobGraph().vertices.flatMap((vertex) => vertex.operators.map(({ operatorId }) => operatorId));
    };
    expect(ids(4, 'a')).toEqual(ids(2, 'b'));
  });

  it('with uid stay when operators are added before', () => {
    const idOf = (more: boolean) => {
      const env = new StreamExecutionEnvironment();
      const numbers = env.fromSequence(1, 9);
      (more ? numbers.map((x) => x) : numbers)
        .keyBy((x) => x)
        .sum()
        .uid('sum')
        .print();
      const operators = env.getJobGraph().vertices.flatMap((vertex) => vertex.operators);
      return operators.find(({ uid }) => uid === 'sum')?.operatorId;
    };
    expect(idOf(true)).toBe(idOf(false));
  });
});
