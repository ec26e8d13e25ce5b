// Live pages.
import { jobEndpoints } from '@yeoul/contract';
import { END_ID, isOver, JobFeed } from '../events/job-feed.ts';
import { EventStream } from '../http/event-streams.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerContext } from '../server-context.ts';
import { findJob } from './find-job.ts';

export function eventRoutes(context: ServerContext): readonly Route[] {
  const { cluster, clock } = context;
  const feeds = new Map<string, JobFeed>();
  const feedOf = (jobId: string): JobFeed => {
    const known = feeds.get(jobId);
    if (known !== undefined) return known;
    const feed = new JobFeed({ jobId, cluster, clock, onIdle: () => feeds.delete(jobId) });
    feeds.set(jobId, feed);
    return feed;
  };
  return [
    route(jobEndpoints.createEventTicket, ({ path: { jobid }, raw }) => {
      findJob(context, jobid);
      const { ticket, expiresMs } = context.tickets.issue(jobid, raw.holder);
      return { ticket, expires: expiresMs };
    }),
    route(jobEndpoints.getJobEvents, ({ path: { jobid }, raw }) => {
      const isEnded = isOver(findJob(context, jobid));
      const lastEventId = raw.headers['last-event-id'];
      const seen = typeof lastEventId === 'string' ? lastEventId : undefined;
      if (isEnded && seen === END_ID) return new EventStream(undefined);
      return new EventStream((reader) => feedOf(jobid).add(reader, seen));
    }),
  ];
}
