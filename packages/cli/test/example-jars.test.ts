// The jars that the build leaves in examples/jars: what is uploaded in documents and tests.
import { fileURLToPath } from 'node:url';
import { defaultJarLimits, readJobJar } from '@yeoul/server/jars';
import { expect, test } from 'vitest';

test.each([
  ['word-count', 'WordCount'],
  ['state-machine', 'StateMachineExample'],
  ['average-sensor-readings', 'AverageSensorReadings'],
])('%s.jar has the entry class %s', async (name, entryClass) => {
  const path = fileURLToPath(new URL(`../../../examples/jars/${name}.jar`, import.meta.url));
  const { description } = await readJobJar(path, `${name}.jar`, defaultJarLimits);
  expect(description.entries.map((entry) => entry.name)).toEqual([entryClass]);
});
