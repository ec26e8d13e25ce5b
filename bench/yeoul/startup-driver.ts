// For the startup benchmark, `PROGRAMS DIST MODE PARALLELISM`: `job` says RUNNING once a job is, `idle` says READY once the engine is up; both
// then stay until they are ended.
import { BenchEngine } from './engine.ts';

const [programs = '', dist = '', mode, parallelismText] = process.argv.slice(2);
const parallelism = Number(parallelismText);
const engine = await BenchEngine.open({ programs, dist, parallelism, backend: 'heap' });
if (mode === 'job') await engine.startUntilRunning('endless', { parallelism, checkpointMs: 0 });
process.stdout.write(mode === 'job' ? 'RUNNING\n' : 'READY\n');
process.stdin.resume();
