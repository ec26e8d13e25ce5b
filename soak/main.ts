// npm run soak:kills -- --kills 500 --seed 7
import { parseArgs } from 'node:util';
import { runKills } from './kills/run-kills.ts';
import { nightlyScenario } from './kills/scenario.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: String(nightlyScenario.kills) },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    backend: { type: 'string', default: nightlyScenario.stateBackend },
    parallelism: { type: 'string', default: String(nightlyScenario.parallelism) },
  },
});

const stateBackend = values.backend === 'disk' ? 'disk' : 'heap';
const scenario = {
  ...nightlyScenario,
  kills: Number(values.kills),
  seed: Number(values.seed),
  parallelism: Number(values.parallelism),
  stateBackend,
} as const;
console.log(
  `seed ${scenario.seed}, ${scenario.kills} kills, ${stateBackend} state, parallelism ${scenario.parallelism}`,
);
const report = await runKills(scenario, {
  root: process.cwd(),
  onProgress: (text) => console.log(text),
  monotonicMs: () => performance.now(),
});
const { problems, directory, ...summary } = report;
console.log(JSON.stringify(summary));
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'Every record once.' : `FAILED; seed ${scenario.seed}, kept in ${directory}`);
process.exitCode = problems.length === 0 ? 0 : 1;
