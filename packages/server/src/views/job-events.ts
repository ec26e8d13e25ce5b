// What the events of a job hold: what is so, without times that go on by themselves. Pure.
import type { JobDetailView } from '@yeoul/engine/runtime';
import { toStatisticsPage } from './checkpoint-page.ts';
import { toJobPage, toOverviewLine } from './job-page.ts';

export type JobEventType = 'job' | 'vertices' | 'checkpoints';

export function toJobEvents(job: JobDetailView, nowMs: number): readonly (readonly [JobEventType, object])[] {
  const { duration: _duration, ...line } = toOverviewLine(job);
  const vertices = toJobPage(job, nowMs).vertices.map(({ duration: _since, ...vertex }) => vertex);
  const told: (readonly [JobEventType, object])[] = [
    ['job', line],
    ['vertices', { vertices }],
  ];
  if (job.type === 'BATCH') return told;
  const { counts, latest } = toStatisticsPage(job);
  return [...told, ['checkpoints', { counts, latest }]];
}
