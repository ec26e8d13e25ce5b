// The job that a command line means: by id, by the beginning of an id, or by name.
import type { JobOverview } from '@yeoul/client';
import { formatTime } from './format.ts';
import { hasEnded } from './job-state.ts';
import { renderTable } from './print/table.ts';
import type { ServerSession } from './server-session.ts';
import { UsageError } from './usage-error.ts';

/** As many as a message stays readable with. */
const MAX_LISTED = 10;

/** @throws UsageError with the candidates, or with what there is */
export async function findJob({ client, signal }: ServerSession, named: string): Promise<JobOverview> {
  const { jobs } = await client.jobs.overview({ signal });
  return chooseJob(jobs, named);
}

export function chooseJob(jobs: readonly JobOverview[], named: string): JobOverview {
  const candidates = matchingJobs(jobs, named);
  const unfinished = candidates.filter(({ state }) => !hasEnded(state));
  // Of several jobs of one name, that which still runs is meant.
  const meant = candidates.length > 1 && unfinished.length === 1 ? unfinished : candidates;
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return only;
  if (candidates.length > 1) {
    throw new UsageError(
      `"${named}" could be any of ${candidates.length} jobs; give more of the id:\n${listed(meant)}`,
    );
  }
  if (jobs.length === 0)
    throw new UsageError(`There is no job "${named}": the server has none. yeoul run -m starts one`);
  throw new UsageError(`There is no job "${named}". These are there:\n${listed(jobs)}`);
}

/** From the surest way to mean a job to the vaguest; the first that finds any counts. */
function matchingJobs(jobs: readonly JobOverview[], named: string): readonly JobOverview[] {
  const lower = named.toLowerCase();
  const ways: readonly ((job: JobOverview) => boolean)[] = [
    ({ jid }) => jid === lower,
    ({ jid, name }) => name === named || jid.startsWith(lower),
    ({ name }) => name.toLowerCase().startsWith(lower),
  ];
  if (named === '') return [];
  return ways.map((way) => jobs.filter(way)).find((found) => found.length > 0) ?? [];
}

function listed(jobs: readonly JobOverview[]): string {
  const newestFirst = [...jobs].sort((a, b) => b['start-time'] - a['start-time']);
  const lines = renderTable(
    [
      { head: 'job', value: ({ jid }) => jid },
      { head: 'state', value: ({ state }) => state },
      { head: 'started', value: (job) => formatTime(job['start-time']) },
      { head: 'name', value: ({ name }) => name },
    ],
    newestFirst.slice(0, MAX_LISTED),
    {},
  );
  const more = jobs.length > MAX_LISTED ? [`… and ${jobs.length - MAX_LISTED} more: yeoul list -a`] : [];
  return [...lines, ...more].map((line) => `  ${line}`).join('\n');
}
