// Counts the words that a text server sends, per window of 5 seconds of processing time.
//   nc -lk 9999                                     (in one terminal: the text server)
//   yeoul run examples/flink/socket-window-word-count.ts --port 9999 [--hostname localhost]
import { ParameterTool, type Program, Time, TumblingProcessingTimeWindows } from 'yeoul';
import 'yeoul/connectors/sockets';

export const SocketWindowWordCount: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);
  const hostname = params.get('hostname', 'localhost');
  const port = params.getInt('port');

  const text = env.socketTextStream(hostname, port, '\n');

  const windowCounts = text
    .flatMap((line) => line.split(/\s/).map((word) => ({ word, count: 1 })))
    .keyBy('word')
    .window(TumblingProcessingTimeWindows.of(Time.seconds(5)))
    .reduce((a, b) => ({ word: a.word, count: a.count + b.count }));

  // One printer, however many counters there are.
  windowCounts.print().setParallelism(1);

  await env.execute('Socket Window WordCount');
};

export default SocketWindowWordCount;
