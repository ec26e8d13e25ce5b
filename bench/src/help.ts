import type { Bars } from './bars.ts';

export function helpText(bars: Bars): string {
  const cases = Object.entries(bars.throughput)
    .map(([name, { bench, ratio }]) => `  ${name.padEnd(18)} ${bench}, bar ${ratio.bar}× Flink`)
    .join('\n');
  return `npm run bench -- NAME [options]

Throughput, engines in turn, warm against warm:
${cases}
Others:
  checkpoint         throughput with and without a checkpoint every second; longest synchronous part
  startup            process start to job RUNNING, of the engine alone and of yeoul start with the REST API; idle memory
  latency            ${bars.latency.recordsPerSecond} records a second one at a time: p50, p99, p99.9 from source to sink
  rest               CPU time of a request for each cached page of the REST API; what a busy job loses by them
  all                every one of these

Options:
  --against flink|plain  whom to run beside Yeoul (repeatable). With flink the plain loop runs too
  --without plain|yeoul  leave one out
  --records N  --keys N  size of the generated input          --mib N | --file FILE  text of the word count
  --checkpoint MS        checkpoint interval, 0 = none         --backend heap|disk    disk: Flink uses RocksDB
  --batch                word count in batch mode              --parallelism N        default 2
  --repeats N            counted repetitions, default 5        --warm-ups N           default 1
  --json                 the last line is the result as JSON   --svg FILE             picture also to FILE
  --check                compare with bench/bars.json; exit code 1 when a bar is missed
Results go to bench/results/NAME.json and NAME.svg (NAME-custom.* when a size was changed).
Exit code 1 when results or checksums differ.

Examples:
  npm run bench -- statemachine --against flink
  npm run bench -- statemachine --against flink --records 2000000 --repeats 3 --json
  npm run bench -- wordcount --against flink --mib 20
  npm run bench -- windows --checkpoint 1000
  npm run bench -- statemachine-disk --against flink
  npm run bench -- all --against flink --check

Needs Java 17 and Maven for --against flink; nothing but Node otherwise.`;
}
