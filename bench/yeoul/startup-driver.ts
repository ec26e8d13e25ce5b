// For the startup benchmark: `job PARALLELISM` says RUNNING once a job is, `idle PARALLELISM` says READY once the engine is
// up; both then stay until they are ended.
import { BenchEngine } from './engine.ts';
import { runStartupDriver } from './startup-mode.ts';

await runStartupDriver((options) => BenchEngine.open(options));
