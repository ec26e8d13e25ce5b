// The scenario of npm run soak:kills with a few dozen kills.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runKills } from '../kills/run-kills.ts';
import { ciScenario } from '../kills/scenario.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test.each(['heap', 'disk'] as const)(
  'every record is written once through thirty kills (%s state)',
  async (stateBackend) => {
    const report = await runKills(
      { ...ciScenario, stateBackend, seed: stateBackend === 'heap' ? 11 : 12 },
      { root, onProgress: () => {}, monotonicMs: () => performance.now() },
    );
    expect(report.problems, `kept in ${report.directory}`).toEqual([]);
    expect(report.records).toBeGreaterThan(0);
  },
);
