// The client against real Apache Flink clusters.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe } from 'vitest';
import { type FlinkCluster, startFlink } from '../../../../scripts/flink-cluster.mjs';
import { describeLifecycle } from '../support/lifecycle-tests.ts';

const versions = [
  { name: '1.9', major: 1, minor: 9, isLater: false },
  { name: '1.20', major: 1, minor: 20, isLater: true },
  { name: '2.3', major: 2, minor: 3, isLater: true },
] as const;

describe.each(versions)('Apache Flink $name', ({ name, major, minor, isLater }) => {
  let cluster: FlinkCluster;

  beforeAll(async () => {
    cluster = await startFlink(name);
  });

  afterAll(() => cluster?.stop());

  const traits = {
    version: { major, minor },
    plansWithBody: isLater,
    takesTriggerIds: isLater,
    hasNativeFormat: isLater,
    hasFlinkConfiguration: isLater,
    hasLogLists: isLater,
  };
  describeLifecycle(traits, () => ({
    url: cluster.url,
    jar: readFileSync(cluster.jobJar),
    entryClass: 'yeoul.CountJob',
  }));
});
