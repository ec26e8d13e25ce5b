// npm run soak:slow-consumer -- --minutes 60
import { parseArgs } from 'node:util';
import { runSlowConsumer } from './slow-consumer/run-slow-consumer.ts';
import { nightlyScenario } from './slow-consumer/scenario.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: String(nightlyScenario.watchedMs / 60_000) },
    backend: { type: 'string', default: nightlyScenario.stateBackend },
    parallelism: { type: 'string', default: String(nightlyScenario.parallelism) },
  },
});

const scenario = {
  ...nightlyScenario,
  watchedMs: Number(values.minutes) * 60_000,
  parallelism: Number(values.parallelism),
  stateBackend: values.backend === 'disk' ? 'disk' : 'heap',
} as const;
const { problems, ...summary } = await runSlowConsumer(scenario, {
  root: process.cwd(),
  onProgress: (text) => console.log(text),
  monotonicMs: () => performance.now(),
});
console.log(JSON.stringify(summary));
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'Memory stayed flat.' : 'FAILED');
process.exitCode = problems.length === 0 ? 0 : 1;
