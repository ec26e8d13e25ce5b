// Joins grades and salaries of the same person within tumbling windows.
//   yeoul run examples/flink/window-join.ts [--windowSize 2000 ms] [--rate 3 pairs per second]
import {
  type DataStream,
  type JoinFunction,
  type KeySelectorObject,
  ParameterTool,
  type Program,
  Time,
  TimeCharacteristic,
  TumblingEventTimeWindows,
} from 'yeoul';
import { gradesSource, type NameWithValue, salariesSource } from './window-join-sample-data.ts';

export type GradeAndSalary = [name: string, grade: number, salary: number];

export const WindowJoin: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);
  const windowSize = params.getLong('windowSize', 2000);
  const rate = params.getLong('rate', 3);
  env.setStreamTimeCharacteristic(TimeCharacteristic.IngestionTime);
  env.getConfig().setGlobalJobParameters(params);

  const grades = gradesSource(env, rate);
  const salaries = salariesSource(env, rate);

  const joinedStream = runWindowJoin(grades, salaries, windowSize);

  // One printer, however many joiners there are.
  joinedStream.print().setParallelism(1);

  await env.execute('Windowed Join Example');
};

export default WindowJoin;

/** Apart from its sources, so that a test can bring its own. @param windowSizeMs event time */
export function runWindowJoin(
  grades: DataStream<NameWithValue>,
  salaries: DataStream<NameWithValue>,
  windowSizeMs: number,
): DataStream<GradeAndSalary> {
  return grades
    .join(salaries)
    .where(new NameKeySelector())
    .equalTo(new NameKeySelector())
    .window(TumblingEventTimeWindows.of(Time.milliseconds(windowSizeMs)))
    .apply(new GradeWithSalary());
}

class GradeWithSalary implements JoinFunction<NameWithValue, NameWithValue, GradeAndSalary> {
  join(first: NameWithValue, second: NameWithValue): GradeAndSalary {
    return [first[0], first[1], second[1]];
  }
}

class NameKeySelector implements KeySelectorObject<NameWithValue, string> {
  getKey(value: NameWithValue): string {
    return value[0];
  }
}
