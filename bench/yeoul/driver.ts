// Yeoul's side: one engine for the life of the process, the job once for each line of standard input.
import { parseRunOptions } from '../src/protocol.ts';
import { serveRuns } from '../src/serve-runs.ts';
import { BenchEngine } from './engine.ts';

const [programs = '', dist = '', ...args] = process.argv.slice(2);
const options = parseRunOptions(args);
await using engine = await BenchEngine.open({
  programs,
  dist,
  parallelism: options.parallelism,
  backend: options.backend,
});
await serveRuns('yeoul', options, async () => {
  const { netRuntimeMs, accumulators, checkpoints } = await engine.run('benchmark', options);
  return {
    records: Number(accumulators.records ?? options.records),
    results: Number(accumulators.results),
    checksum: Number(accumulators.checksum),
    seconds: netRuntimeMs / 1000,
    checkpoints,
  };
});
