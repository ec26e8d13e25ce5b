// Sessions: events of one id belong together as long as no gap between them reaches 3 ms of event time.
//   yeoul run examples/flink/session-windowing.ts [--output PATH]
import {
  EventTimeSessionWindows,
  ParameterTool,
  type Program,
  type SourceContext,
  type SourceFunction,
  Time,
  TimeCharacteristic,
  Watermark,
} from 'yeoul';
import 'yeoul/connectors/files';

type Event = [id: string, timestampMs: number, count: number];

const input: readonly Event[] = [
  ['a', 1, 1],
  ['b', 1, 1],
  ['b', 3, 1],
  ['b', 5, 1],
  ['c', 6, 1],
  // The first session of a is over by now,
  ['a', 10, 1],
  // and here those of b and c are.
  ['c', 11, 1],
];

export const SessionWindowing: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);
  env.getConfig().setGlobalJobParameters(params);
  env.setStreamTimeCharacteristic(TimeCharacteristic.EventTime);
  env.setParallelism(1);

  const source = env.addSource(new EventSource());

  const aggregated = source
    .keyBy(0)
    .window(EventTimeSessionWindows.withGap(Time.milliseconds(3)))
    .sum(2);

  const output = params.get('output');
  if (output === undefined) aggregated.print();
  else aggregated.writeAsText(output);

  await env.execute();
};

export default SessionWindowing;

class EventSource implements SourceFunction<Event> {
  *run(context: SourceContext<Event>): Generator<void> {
    for (const event of input) {
      context.collectWithTimestamp(event, event[1]);
      context.emitWatermark(new Watermark(event[1] - 1));
      yield;
    }
    context.emitWatermark(Watermark.MAX_WATERMARK);
  }
}
