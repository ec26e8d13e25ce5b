// Real Apache Flink clusters on loopback, from Maven Central's jars, for tests: one job manager, one task manager with 4 slots.
// Needs Maven and a JDK 17. What is downloaded and built stays in .cache/flink.
//   node scripts/flink-cluster.mjs 1.9|1.20|2.3 [PORT]    starts one and keeps it until Ctrl-C
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const jobSource = join(root, 'packages', 'client', 'test', 'flink', 'CountJob.java');
const readyTimeoutMs = 90_000;

/** @typedef {'1.9' | '1.20' | '2.3'} FlinkName */
/** @typedef {{ release: string, suffix: string, javaLevel: string, isLegacySource: boolean, more?: string[] }} FlinkRelease */

/** `javaLevel`: what that Flink's byte code reader knows. `more`: what its own examples need. @type {Readonly<Record<FlinkName, FlinkRelease>>} */
export const flinkReleases = {
  1.9: {
    release: '1.9.1',
    suffix: '_2.12',
    javaLevel: '8',
    isLegacySource: false,
    more: ['flink-statebackend-rocksdb'],
  },
  '1.20': { release: '1.20.5', suffix: '', javaLevel: '11', isLegacySource: false },
  2.3: { release: '2.3.0', suffix: '', javaLevel: '17', isLegacySource: true },
};

/** Java 17 hides what Flink reaches for. */
const openedPackages = [
  ...[
    'lang',
    'lang.invoke',
    'lang.reflect',
    'util',
    'util.concurrent',
    'util.concurrent.atomic',
    'util.concurrent.locks',
  ],
  ...['net', 'io', 'nio', 'time', 'math', 'text'],
].map((name) => `java.${name}`);
const javaFlags = [...openedPackages, 'sun.nio.ch', 'sun.net.util'].map(
  (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
);

/**
 * @typedef {object} FlinkCluster
 * @property {string} url of its REST API
 * @property {string} release
 * @property {string} jobJar CountJob, built for it
 * @property {string} work its folder, with logs and savepoints; removed by stop
 * @property {() => Promise<void>} stop
 */

/**
 * @param {FlinkName} name
 * @param {{ port?: number }} [options] default: a free one
 * @returns {Promise<FlinkCluster>}
 */
export async function startFlink(name, { port } = {}) {
  const { libraries, jobJar } = prepareFlink(name);
  const work = mkdtempSync(join(tmpdir(), `flink-${name}-`));
  const restPort = port ?? (await freePort());
  writeConfiguration(work, restPort, await freePort());
  const main = (/** @type {string} */ process, /** @type {string} */ heap, /** @type {string[]} */ ...command) =>
    launch(
      process,
      [`-Xmx${heap}`, ...javaFlags, ...logFlags(work, process), '-cp', join(libraries, '*'), ...command],
      work,
    );
  const configDir = ['--configDir', join(work, 'conf')];
  const processes = [
    main(
      'jobmanager',
      '400m',
      'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint',
      ...configDir,
      ...(name === '1.9' ? ['--executionMode', 'cluster'] : []),
    ),
    main('taskmanager', '640m', 'org.apache.flink.runtime.taskexecutor.TaskManagerRunner', ...configDir),
  ];
  const url = `http://127.0.0.1:${restPort}`;
  const stop = async () => {
    await Promise.all(processes.map(end));
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  };
  if (!(await isReady(url, processes))) {
    const logs = ['jobmanager.out', 'jobmanager.log', 'taskmanager.out', 'taskmanager.log'].map((file) =>
      tail(join(work, file)),
    );
    await stop();
    throw new Error(`Flink ${name} did not come up:\n${logs.join('\n')}`);
  }
  return { url, release: flinkReleases[name].release, jobJar, work, stop };
}

/** Downloads and builds what is not there yet. @param {FlinkName} name @returns {{ libraries: string, jobJar: string }} */
export function prepareFlink(name) {
  const release = flinkReleases[name];
  const cache = join(root, '.cache', 'flink', release.release);
  const libraries = join(cache, 'lib');
  mkdirSync(cache, { recursive: true });
  const pom = describeLibraries(release);
  const pomFile = join(libraries, 'pom.xml');
  if (!existsSync(pomFile) || readFileSync(pomFile, 'utf8') !== pom) download(libraries, pom);
  const jobJar = join(cache, 'count-job.jar');
  if (!existsSync(jobJar) || statSync(jobJar).mtimeMs < statSync(jobSource).mtimeMs)
    build(cache, libraries, jobJar, release);
  return { libraries, jobJar };
}

/** @param {FlinkRelease} release */
function describeLibraries({ release, suffix, more = [] }) {
  const flink = ['flink-clients', 'flink-runtime-web', 'flink-streaming-java', ...more].map((artifact) =>
    dependency('org.apache.flink', `${artifact}${suffix}`, release),
  );
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    `<groupId>yeoul.test</groupId><artifactId>flink-libraries</artifactId><version>${release}</version>`,
    `<dependencies>${flink.join('')}${dependency('org.slf4j', 'slf4j-simple', '1.7.36')}</dependencies></project>\n`,
  ].join('\n');
}

/** The description stays with the libraries: another one brings others. @param {string} libraries @param {string} pom */
function download(libraries, pom) {
  const part = `${libraries}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part);
  writeFileSync(join(part, 'pom.xml'), pom);
  run(
    part,
    'mvn',
    '-q',
    '-B',
    'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies',
    '-DoutputDirectory=.',
    '-DincludeScope=runtime',
  );
  rmSync(libraries, { recursive: true, force: true });
  renameSync(part, libraries);
}

/** @param {string} group @param {string} artifact @param {string} version */
function dependency(group, artifact, version) {
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
}

/** @param {string} cache @param {string} libraries @param {string} jobJar @param {FlinkRelease} release */
function build(cache, libraries, jobJar, { javaLevel, isLegacySource }) {
  const legacy = (/** @type {string} */ text) =>
    text.replace('functions.source.SourceFunction', 'functions.source.legacy.SourceFunction');
  const source = readFileSync(jobSource, 'utf8');
  const classes = join(cache, 'classes');
  rmSync(classes, { recursive: true, force: true });
  mkdirSync(classes, { recursive: true });
  writeFileSync(join(cache, 'CountJob.java'), isLegacySource ? legacy(source) : source);
  run(
    cache,
    'javac',
    '-nowarn',
    '-Xlint:-options',
    '--release',
    javaLevel,
    '-cp',
    join(libraries, '*'),
    '-d',
    classes,
    'CountJob.java',
  );
  run(cache, 'jar', '--create', '--file', jobJar, '--main-class', 'yeoul.CountJob', '-C', classes, '.');
}

/** @param {string} work @param {number} restPort @param {number} rpcPort */
function writeConfiguration(work, restPort, rpcPort) {
  for (const folder of ['conf', 'upload', 'tmp', 'savepoints', 'checkpoints']) mkdirSync(join(work, folder));
  const settings = {
    'jobmanager.rpc.address': 'localhost',
    'jobmanager.rpc.port': rpcPort,
    'rest.address': 'localhost',
    'rest.bind-address': '127.0.0.1',
    'rest.port': restPort,
    'rest.bind-port': `"${restPort}"`,
    'taskmanager.host': 'localhost',
    'taskmanager.numberOfTaskSlots': 4,
    'parallelism.default': 1,
    'restart-strategy': 'none',
    'restart-strategy.type': 'none',
    'web.upload.dir': join(work, 'upload'),
    'io.tmp.dirs': join(work, 'tmp'),
    ...directories(work),
    // 1.9
    'jobmanager.heap.size': '400m',
    'taskmanager.heap.size': '640m',
    // Later versions
    'taskmanager.cpu.cores': '4.0',
    'taskmanager.memory.task.heap.size': '256m',
    'taskmanager.memory.task.off-heap.size': '0b',
    'taskmanager.memory.network.min': '64m',
    'taskmanager.memory.network.max': '64m',
    'taskmanager.memory.managed.size': '64m',
    'taskmanager.memory.framework.heap.size': '128m',
    'taskmanager.memory.framework.off-heap.size': '128m',
    'taskmanager.memory.jvm-metaspace.size': '256m',
    'taskmanager.memory.jvm-overhead.min': '192m',
    'taskmanager.memory.jvm-overhead.max': '192m',
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}: ${value}\n`);
  // 2.x reads YAML, and only that; the versions before it read lines as they are.
  writeFileSync(join(work, 'conf', 'config.yaml'), lines.join(''));
  writeFileSync(join(work, 'conf', 'flink-conf.yaml'), lines.join('').replaceAll('"', ''));
}

/** Names by version. @param {string} work */
function directories(work) {
  const savepoints = pathToFileURL(join(work, 'savepoints')).href;
  const checkpoints = pathToFileURL(join(work, 'checkpoints')).href;
  return {
    'state.savepoints.dir': savepoints,
    'state.checkpoints.dir': checkpoints,
    'execution.checkpointing.savepoint-dir': savepoints,
    'execution.checkpointing.dir': checkpoints,
  };
}

/** @param {string} work @param {string} process */
function logFlags(work, process) {
  const log = join(work, `${process}.log`);
  return [`-Dlog.file=${log}`, `-Dorg.slf4j.simpleLogger.logFile=${log}`];
}

/** @param {string} name @param {string[]} command @param {string} work */
function launch(name, command, work) {
  const output = openSync(join(work, `${name}.out`), 'w');
  const environment = { ...process.env, FLINK_CONF_DIR: join(work, 'conf') };
  const child = spawn('java', command, { stdio: ['ignore', output, output], env: environment });
  closeSync(output);
  return child;
}

/** @param {string} url @param {import('node:child_process').ChildProcess[]} processes */
async function isReady(url, processes) {
  for (let waitedMs = 0; waitedMs < readyTimeoutMs; waitedMs += 200) {
    const answer = await fetch(`${url}/taskmanagers`).then(
      (response) => response.text(),
      () => '',
    );
    if (answer.includes('"id"')) return true;
    if (processes.some(({ exitCode }) => exitCode !== null)) return false;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return false;
}

/** @param {import('node:child_process').ChildProcess} child */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** @param {string} file */
function tail(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-30).join('\n') : '';
}

/** @param {string} cwd @param {string} command @param {...string} args */
function run(cwd, command, ...args) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${error?.message ?? status}`);
}

/** @param {string | undefined} text @returns {text is FlinkName} */
function isFlinkName(text) {
  return text !== undefined && text in flinkReleases;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [name, port] = process.argv.slice(2);
  if (!isFlinkName(name)) throw new Error(`Which Flink? ${Object.keys(flinkReleases).join(', ')}`);
  const cluster = await startFlink(name, port === undefined ? {} : { port: Number(port) });
  console.log(`Flink ${cluster.release} at ${cluster.url}; job jar ${cluster.jobJar}; files in ${cluster.work}`);
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void cluster.stop().then(() => process.exit(0)));
}
