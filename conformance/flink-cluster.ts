// A real Apache Flink 1.9 session cluster on loopback, from public packages: the distribution out of PyPI's apache-flink, the example jars
// out of Maven Central. Needs Java 8 to 17, pip and mvn.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Program, Target } from './recorder.ts';

const PYPI_PACKAGE = 'apache-flink==1.9.2';
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

/** Java 17 hides what Flink 1.9 reaches for. */
const OPENED = [
  ...['lang', 'util', 'net', 'io', 'nio', 'time', 'math', 'text', 'lang.reflect', 'lang.invoke'].map(
    (name) => `java.base/java.${name}`,
  ),
  ...['util.concurrent', 'util.concurrent.atomic', 'util.concurrent.locks'].map((name) => `java.base/java.${name}`),
  ...['java.base/sun.nio.ch', 'java.base/sun.net.util'],
].flatMap((name) => ['--add-opens', `${name}=ALL-UNNAMED`]);

const START_TIMEOUT_MS = 60_000;

export interface FlinkCluster {
  readonly target: Target;
  stop(): Promise<void>;
}

/** @param cache where packages are kept between runs @param work of this run */
export async function startFlink(cache: string, work: string, port: number): Promise<FlinkCluster> {
  const libraries = fetchDistribution(cache);
  const programs = fetchExamples(cache);
  const configuration = writeConfiguration(work, port);
  const java = (name: string, mainClass: string, heap: string, ...args: string[]) =>
    spawn(
      'java',
      [
        `-Xmx${heap}`,
        ...OPENED,
        `-Dlog.file=${join(work, `${name}.log`)}`,
        `-Dlog4j.configuration=file:${join(configuration, 'log4j.properties')}`,
        '-cp',
        join(libraries, '*'),
        mainClass,
        '--configDir',
        configuration,
        ...args,
      ],
      {
        stdio: ['ignore', openSync(join(work, `${name}.out`), 'w'), openSync(join(work, `${name}.out`), 'a')],
        env: { ...process.env, FLINK_CONF_DIR: configuration },
      },
    );
  const entry = 'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint';
  const processes = [
    java('jobmanager', entry, '512m', '--executionMode', 'cluster'),
    java('taskmanager', 'org.apache.flink.runtime.taskexecutor.TaskManagerRunner', '1024m'),
  ];
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(url, processes, work);
  } catch (error) {
    await stop(processes);
    throw error;
  }
  return {
    target: { url, programs, work, savepoints: `file://${join(work, 'savepoints')}` },
    stop: () => stop(processes),
  };
}

/** @returns its folder of libraries */
function fetchDistribution(cache: string): string {
  const libraries = join(cache, 'flink-1.9', 'lib');
  if (existsSync(libraries)) return libraries;
  const scratch = join(cache, 'download');
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  run('pip', 'download', '--quiet', '--no-deps', '--dest', scratch, PYPI_PACKAGE);
  const archive = readdirSync(scratch).find((name) => name.endsWith('.tar.gz'));
  if (archive === undefined) throw new Error(`pip brought no .tar.gz of ${PYPI_PACKAGE}`);
  run('tar', 'xzf', join(scratch, archive), '-C', scratch, '--strip-components=1');
  mkdirSync(join(cache, 'flink-1.9'), { recursive: true });
  renameSync(join(scratch, 'deps', 'lib'), libraries);
  rmSync(scratch, { recursive: true });
  return libraries;
}

function fetchExamples(cache: string): Record<string, Program> {
  const programs: Record<string, Program> = {};
  for (const [name, { artifact, file, entryClass }] of Object.entries(EXAMPLES)) {
    const jar = join(cache, file);
    const destination = `-DoutputDirectory=${cache}`;
    if (!existsSync(jar))
      run('mvn', '--quiet', '--batch-mode', 'dependency:copy', `-Dartifact=${artifact}`, destination);
    programs[name] = { jar, entryClass };
  }
  return programs;
}

function writeConfiguration(work: string, port: number): string {
  const folder = join(work, 'conf');
  for (const name of ['conf', 'upload', 'tmp', 'savepoints', 'checkpoints'])
    mkdirSync(join(work, name), { recursive: true });
  const settings = {
    'jobmanager.rpc.address': 'localhost',
    'jobmanager.rpc.port': port + 10_000,
    'blob.server.port': port + 20_000,
    'rest.address': 'localhost',
    'rest.bind-address': '127.0.0.1',
    'rest.port': port,
    'taskmanager.host': 'localhost',
    'taskmanager.numberOfTaskSlots': 4,
    'taskmanager.heap.size': '1024m',
    'jobmanager.heap.size': '512m',
    'parallelism.default': 1,
    'web.upload.dir': join(work, 'upload'),
    'io.tmp.dirs': join(work, 'tmp'),
    'state.checkpoints.dir': `file://${join(work, 'checkpoints')}`,
    'state.savepoints.dir': `file://${join(work, 'savepoints')}`,
  };
  const yaml = Object.entries(settings).map(([key, value]) => `${key}: ${value}\n`);
  writeFileSync(join(folder, 'flink-conf.yaml'), yaml.join(''));
  const appender = 'log4j.appender.file';
  writeFileSync(
    join(folder, 'log4j.properties'),
    `log4j.rootLogger=INFO, file\n${appender}=org.apache.log4j.FileAppender\n${appender}.file=\${log.file}\n${appender}.layout=org.apache.log4j.SimpleLayout\n`,
  );
  return folder;
}

async function untilReady(url: string, processes: readonly ChildProcess[], work: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; waitedMs += 500) {
    const answer = await fetch(`${url}/taskmanagers`).then(
      (response) => response.text(),
      () => '',
    );
    if (answer.includes('"id"')) return;
    if (processes.some(({ exitCode }) => exitCode !== null)) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`Flink did not come up; see the logs in ${work}`);
}

async function stop(processes: readonly ChildProcess[]): Promise<void> {
  for (const process of processes) {
    if (process.exitCode !== null || process.signalCode !== null) continue;
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGKILL');
    await ended;
  }
}

function run(command: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${error?.message ?? status}`);
}
