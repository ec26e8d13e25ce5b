// What the events of a job hold: what is so, without times that go on by themselves. Pure.
import type { JobDetailView } from '@yeoul/engine/runtime';
import { toCheckpointsNow } from './checkpoint-page.ts';
import { toOverviewLine, toVertexLine } from './job-page.ts';
import type { PageTime } from './page-context.ts';

type VertexLine = ReturnType<typeof toVertexLine>;
export type JobEventType = 'job' | 'vertices' | 'checkpoints';

export function toJobEvents(job: JobDetailView, time: PageTime): readonly (readonly [JobEventType, object])[] {
  const { duration: _duration, ...line } = toOverviewLine(job);
  const vertices = job.vertices.map((vertex) => withoutTimes(toVertexLine(vertex, time)));
  const told: (readonly [JobEventType, object])[] = [
    ['job', line],
    ['vertices', { vertices }],
  ];
  if (job.type === 'BATCH') return told;
  return [...told, ['checkpoints', toCheckpointsNow(job)]];
}

/** Times that go on by themselves would make news of every look. */
function withoutTimes({ duration: _duration, metrics, ...vertex }: VertexLine): object {
  const {
    'accumulated-backpressured-time': _backPressured,
    'accumulated-idle-time': _idle,
    'accumulated-busy-time': _busy,
    ...counts
  } = metrics;
  return { ...vertex, metrics: counts };
}
