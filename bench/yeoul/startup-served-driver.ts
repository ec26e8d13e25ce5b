// As startup-driver.ts, with the REST API, which accepts requests before the job is submitted.
import { startServer } from '@yeoul/server';
import { BenchEngine } from './engine.ts';
import { runStartupDriver } from './startup-mode.ts';

await runStartupDriver(async (options) => {
  const engine = await BenchEngine.open(options);
  await startServer({ cluster: engine.cluster, engineVersion: 'bench', port: 0 });
  return engine;
});
