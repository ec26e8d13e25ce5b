// For the REST benchmark: `MODE PARALLELISM` serves the REST API beside a job that has next to nothing to do (idle) or runs at full speed
// (busy), and says where. For each line on its input it says how many records the job's source has emitted.
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { startServer } from '@yeoul/server';
import { BenchEngine } from './engine.ts';

/** More than any run takes. */
const RECORDS = 1e12;
const KEYS = 100_000;
/** Until the slots have answered. */
const REPORT_MS = 100;

const [programs = '', dist = '', mode, parallelismText, pages] = process.argv.slice(2);
const parallelism = Number(parallelismText);
const engine = await BenchEngine.open({ programs, dist, parallelism, backend: 'heap' });
const job = { bench: 'statemachine', records: RECORDS, keys: KEYS, parallelism, checkpointMs: 1000, batch: false };
const jobId = await engine.startUntilRunning(mode === 'busy' ? 'benchmark' : 'endless', job);
const server = await startServer({
  cluster: engine.cluster,
  engineVersion: 'bench',
  port: 0,
  ...(pages === 'anew' ? { pages: undefined } : {}),
});
process.stdout.write(`${JSON.stringify({ url: server.url, jobId })}\n`);
for await (const _line of createInterface({ input: process.stdin })) {
  engine.cluster.requestReports(jobId);
  await delay(REPORT_MS);
  const records = engine.cluster.jobDetail(jobId).vertices[0]?.metrics.writeRecords ?? 0;
  process.stdout.write(`${JSON.stringify({ records })}\n`);
}
