// A real Apache Flink 1.9 and the examples that ship with it, from Maven Central.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startFlink } from '../scripts/flink-cluster.mjs';
import type { Program, Target } from './recorder.ts';

const EXAMPLES = {
  'word-count': {
    artifact: 'org.apache.flink:flink-examples-batch_2.11:1.9.1:jar:WordCount',
    file: 'flink-examples-batch_2.11-1.9.1-WordCount.jar',
    entryClass: 'org.apache.flink.examples.java.wordcount.WordCount',
  },
  'state-machine': {
    artifact: 'org.apache.flink:flink-examples-streaming_2.12:1.9.1:jar',
    file: 'flink-examples-streaming_2.12-1.9.1.jar',
    entryClass: 'org.apache.flink.streaming.examples.statemachine.StateMachineExample',
  },
} as const;

export interface FlinkTarget {
  readonly target: Target;
  stop(): Promise<void>;
}

/** @param cache folder where the examples are kept between runs */
export async function startFlinkTarget(cache: string): Promise<FlinkTarget> {
  const programs = fetchExamples(cache);
  const { url, work, stop } = await startFlink('1.9');
  return { target: { url, programs, work, savepoints: `file://${join(work, 'savepoints')}` }, stop };
}

function fetchExamples(cache: string): Record<string, Program> {
  mkdirSync(cache, { recursive: true });
  const programs: Record<string, Program> = {};
  for (const [name, { artifact, file, entryClass }] of Object.entries(EXAMPLES)) {
    const jar = join(cache, file);
    if (!existsSync(jar)) copyArtifact(artifact, cache);
    programs[name] = { jar, entryClass };
  }
  return programs;
}

function copyArtifact(artifact: string, folder: string): void {
  const goal = ['dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`];
  const { status, error } = spawnSync('mvn', ['--quiet', '--batch-mode', ...goal], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`mvn could not copy ${artifact}: ${error?.message ?? `it ended with ${status}`}`);
}
