// For the startup benchmark: `job PARALLELISM` says RUNNING once a job is, `idle PARALLELISM` says READY once the engine is
// up; both then stay until they are ended. `served-job` and `served-idle` serve the REST API before that.
import { BenchEngine } from './engine.ts';

const [programs = '', dist = '', mode, parallelismText] = process.argv.slice(2);
const parallelism = Number(parallelismText);
const engine = await BenchEngine.open({ programs, dist, parallelism, backend: 'heap' });
if (mode?.startsWith('served') === true) {
  const { startServer } = await import('@yeoul/server');
  await startServer({ cluster: engine.cluster, engineVersion: 'bench', port: 0 });
}
const isJob = mode?.endsWith('job') === true;
if (isJob) await engine.startUntilRunning('endless', { parallelism, checkpointMs: 0 });
process.stdout.write(isJob ? 'RUNNING\n' : 'READY\n');
process.stdin.resume();
