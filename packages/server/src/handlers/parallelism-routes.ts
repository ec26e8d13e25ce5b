// Parallelism as later versions ask for it. A job here keeps what it was started with.
import { type BodyOf, jobEndpoints, restError } from '@yeoul/contract';
import { appError } from '@yeoul/engine';
import type { JobDetailView } from '@yeoul/engine/runtime';
import { type Route, route } from '../http/route.ts';
import type { ServerContext } from '../server-context.ts';
import { findJob } from './find-job.ts';

type Requirements = BodyOf<typeof jobEndpoints.putResourceRequirements>;

export function parallelismRoutes(context: ServerContext): readonly Route[] {
  return [
    route(jobEndpoints.getResourceRequirements, ({ path }) => toRequirements(findJob(context, path.jobid))),
    route(jobEndpoints.putResourceRequirements, ({ path, body }) => {
      const asked = Object.entries(body);
      // Texts of Flink 1.20, whose order of checks it is as well.
      if (asked.length === 0) throw restError(400, 'Request body does not specify resource requirements.');
      checkRequirements(findJob(context, path.jobid), body);
      return {};
    }),
  ];
}

function toRequirements({ vertices }: JobDetailView) {
  return Object.fromEntries(
    vertices.map(({ id, parallelism }) => [id, { parallelism: { lowerBound: parallelism, upperBound: parallelism } }]),
  );
}

/** @throws RestError 400, PARALLELISM_FIXED */
function checkRequirements({ jobId, vertices }: JobDetailView, body: Requirements): void {
  const asked = new Map(Object.entries(body).map(([id, { parallelism }]) => [id.toLowerCase(), parallelism]));
  for (const { id, parallelism } of vertices) {
    const bounds = asked.get(id);
    if (bounds === undefined) {
      throw restError(400, `The request is incomplete, missing job vertex [${id}] resource requirements.`);
    }
    const { lowerBound, upperBound } = bounds;
    if (parallelism < lowerBound || parallelism > upperBound) {
      throw appError('PARALLELISM_FIXED', [id, jobId, parallelism, lowerBound, upperBound]);
    }
    asked.delete(id);
  }
  const [unknown] = asked.keys();
  if (unknown !== undefined) throw restError(400, `Job vertex ${unknown} was not found in job ${jobId}.`);
}
