// Brings bench/flink/target into being: Maven, the first time only.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LEAST_JAVA = 17;

/** Packages of the Java runtime that Flink reaches into. */
const OPENED_PACKAGES = [
  'java.lang',
  'java.util',
  'java.net',
  'java.io',
  'java.nio',
  'java.time',
  'java.math',
  'java.text',
  'java.lang.reflect',
  'java.util.concurrent',
  'java.util.concurrent.atomic',
  'java.util.concurrent.locks',
  'sun.nio.ch',
];

/** @returns arguments of `java` up to and with the main class */
export function flinkJavaArguments(flinkDir: string): string[] {
  return [
    '-Xmx4g',
    ...OPENED_PACKAGES.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
    '-cp',
    `${join(flinkDir, 'target', 'flink-bench.jar')}:${join(flinkDir, 'target', 'lib', '*')}`,
    'yeoul.bench.Main',
  ];
}

/** Builds the Flink side when it is missing or older than its sources. @throws with the way out when Java or Maven is absent */
export function ensureFlinkBuilt(flinkDir: string, log: (line: string) => void): void {
  requireJava();
  const jar = join(flinkDir, 'target', 'flink-bench.jar');
  if (existsSync(jar) && statSync(jar).mtimeMs >= newestSourceMs(flinkDir)) return;
  log('Building the Flink side (mvn -q package; the first time it downloads Flink from Maven Central) …');
  const maven = spawnSync('mvn', ['-q', '-B', 'package'], { cwd: flinkDir, stdio: ['ignore', 'inherit', 'inherit'] });
  if (maven.error !== undefined) {
    throw new Error(
      `Maven is needed to build the Flink side: install it, or leave out "--against flink" (${maven.error.message})`,
    );
  }
  if (maven.status !== 0) throw new Error(`mvn -q package failed in ${flinkDir} with exit code ${maven.status}`);
}

function requireJava(): void {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const major = java.error === undefined ? parseJavaMajor(java.stderr) : undefined;
  if (major === undefined || major < LEAST_JAVA) {
    const found = major === undefined ? 'none was found' : `found ${major}`;
    throw new Error(
      `Java ${LEAST_JAVA} or newer is needed for the Flink side, ${found}: install a JDK, or leave out "--against flink"`,
    );
  }
}

/** @param text what `java -version` says @returns 17 for "17.0.15", 8 for "1.8.0_392" */
export function parseJavaMajor(text: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

function newestSourceMs(flinkDir: string): number {
  const sources = readdirSync(join(flinkDir, 'src'), { recursive: true, encoding: 'utf8' }).map((file) =>
    join('src', file),
  );
  return Math.max(...['pom.xml', ...sources].map((file) => statSync(join(flinkDir, file)).mtimeMs));
}
