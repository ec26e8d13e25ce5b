// The scenario of npm run soak:slow-consumer for a quarter of a minute.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runSlowConsumer } from '../slow-consumer/run-slow-consumer.ts';
import { ciScenario } from '../slow-consumer/scenario.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

test.each(['heap', 'disk'] as const)('memory stays flat while the sink is slow (%s state)', async (stateBackend) => {
  const options = { root, onProgress: () => {}, monotonicMs: () => performance.now() };
  const judgement = await runSlowConsumer({ ...ciScenario, stateBackend }, options);
  expect(judgement.problems).toEqual([]);
  expect(judgement.written).toBeGreaterThan(0);
});
