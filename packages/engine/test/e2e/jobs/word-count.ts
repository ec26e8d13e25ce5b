import type { GoldenJob } from '../support/golden-job.ts';

/** Running counts: the n-th event of a key gives [key, n]. */
export const wordCount: GoldenJob = {
  name: 'word count',
  build(env, io) {
    io.events(env)
      .map(({ key }) => ({ key, count: 1 }))
      .keyBy('key')
      .sum('count')
      .map(({ key, count }) => [key, count])
      .addSink(io.sink());
  },
  expected(events) {
    const counts = new Map<string, number>();
    return events.map(({ key }) => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return [key, counts.get(key)];
    });
  },
};
