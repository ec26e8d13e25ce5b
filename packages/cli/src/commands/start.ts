// yeoul start: an engine with its REST API that keeps its jobs. Jobs of an earlier start go on from their newest checkpoint.
import { availableParallelism } from 'node:os';
import type { BegunBundle } from '@yeoul/engine/bundle';
import type { EmbeddedEngine, ProgramExecution } from '@yeoul/engine/runtime';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { addConfigFlags, type ConfigFlags } from '../config/config-flags.ts';
import { readStartSettings, type StartSettings } from '../config/start-settings.ts';
import { describeFailure } from '../describe-failure.ts';
import { Ending } from '../ending.ts';
import { ExitCode } from '../exit-codes.ts';
import { followProgram } from '../follow-program.ts';
import { HeldOutput } from '../held-output.ts';
import type { EngineLog } from '../log/engine-log.ts';
import type { LogFiles } from '../log/log-files.ts';
import { addLogFlags, type LogFlags } from '../log/log-flags.ts';
import { parseCount, parsePort } from '../parse-options.ts';
import { passOutput } from '../pass-output.ts';
import { resolveProgram } from '../resolve-program.ts';
import { addRestOptions, prepareRestAccess, type RestAccess, type RestFlags } from '../rest-options.ts';
import type { RestServer } from '../serve-rest.ts';

interface StartFlags extends RestFlags, ConfigFlags, LogFlags {
  readonly host?: string;
  readonly port?: number;
  readonly rest?: boolean;
  readonly dataDir?: string;
  readonly slots?: number;
  readonly program?: string;
  readonly parallelism?: number;
  readonly stateBackend?: 'heap' | 'disk';
  readonly live?: boolean;
}

export function addStartCommand(program: Command, context: CommandContext): void {
  addLogFlags(addConfigFlags(addRestOptions(program.command('start'))))
    .description('start a server that keeps its jobs; unfinished ones go on from their newest checkpoint')
    .argument('[args...]', 'arguments of the program given with --program; put -- before them')
    .option('--port <n>', 'port of the REST API; 0 takes a free one (default: 8081)', parsePort)
    .option('--no-rest', 'serve no REST API')
    .option('--host <host>', 'address that it is served on (default: 127.0.0.1)')
    .option('--data-dir <dir>', 'where jobs, checkpoints, savepoints and uploaded jars are kept (default: .yeoul)')
    .option('--slots <n>', 'slots of the engine (default: the number of cores)', parseCount)
    .option('--program <program>', 'run this program unless an unfinished job is already there')
    .option('-p, --parallelism <n>', 'parallelism of its job', parseCount)
    .addOption(
      new Option('--state-backend <kind>', 'where keyed state is kept, unless the program says it').choices([
        'heap',
        'disk',
      ]),
    )
    .option('--live', 'show a live view of the job in the terminal')
    .addHelpText('after', EXAMPLES)
    .action(async (args: string[], flags: StartFlags) => {
      context.exitCode = await start(args, flags, context);
    });
}

const EXAMPLES = `
Examples:
  $ yeoul start --program examples/state-machine --live
  $ yeoul start --program examples/state-machine --live -- --error-rate 0.01 --sleep 0
  $ yeoul start --port 0                           several at once: each takes a free port
  $ yeoul start --data-dir /var/lib/yeoul --slots 8
  $ yeoul start --config flink-conf.yaml -D execution.checkpointing.interval=10s
  $ yeoul start --host 0.0.0.0 --token-file tokens --tls-cert cert.pem --tls-key key.pem
Ctrl-C ends the engine and keeps the jobs: the next start resumes them.`;

async function start(args: readonly string[], flags: StartFlags, context: CommandContext): Promise<number> {
  const source = flags.program === undefined ? undefined : await beginProgram(flags.program);
  const settings = await readStartSettings(flags);
  const { configuration, dataDir, port } = settings;
  const { createEngineLog, describeDoubtful, LogFiles, logStart } = await import('../log/index.ts');
  const { toClusterSettings, toProgramDefaults } = await import('@yeoul/engine/runtime');
  const access = port === undefined ? undefined : await prepareRestAccess(flags, settings, context.nowMs());
  const log = createEngineLog(configuration, flags, true, context);
  await using files = new LogFiles({ configuration, context, dataDirectory: dataDir });
  const slots = settings.slots ?? Math.max(flags.parallelism ?? 1, availableParallelism());
  for (const line of describeDoubtful(configuration)) log.warn(line);
  const output = new HeldOutput();
  const opening = context.openEngine({
    dataDirectory: dataDir,
    slots,
    warmSlots: flags.parallelism ?? 1,
    expectsProgram: source !== undefined,
    defaults: toProgramDefaults(configuration),
    cluster: toClusterSettings(configuration),
    logger: log,
    onOutput: output.add,
  });
  // Beside each other: the engine's threads come up, the program is bundled, and this thread loads what serves.
  if (port !== undefined) void import('../serve-rest.ts').then(({ loadServer }) => loadServer());
  await using engine = await opening;
  await files.open(log, output);
  context.outputIsLogged = true;
  logStart(log, configuration, { version: context.version, pid: process.pid, node: process.version, slots, dataDir });
  const ending = new Ending();
  await using server = await startRest({ engine, settings, access, ending, files, log, context });
  const tail = passOutput(output, flags.live === true, context);
  output.release();
  const notResumed = reportNotResumed(engine, dataDir, context);
  const execution = await executionToShow(engine, source, args, flags, context, notResumed);
  // Without a program to run, a server is there for what its jobs need: one that cannot be resumed may be cancelled.
  if (execution === undefined && notResumed > 0 && !(server && source === undefined)) return ExitCode.Failed;
  context.onInterrupt(() => ending.ask());
  if (execution === undefined) {
    context.error(`Engine ready: ${slots} slots, data in ${dataDir}. Ctrl-C ends it.`);
    await ending.asked;
    log.info('Ending');
    return ExitCode.Ok;
  }
  const ended = followProgram(engine.cluster, execution, ending.asked, { tail, address: server?.url }, context);
  return await keepRunning({ engine, server, ended, ending, dataDir, context });
}

/** Before the engine is loaded: bundling has a process of its own. */
async function beginProgram(named: string): Promise<BegunBundle> {
  const [sourcePath, { beginBundle }] = await Promise.all([resolveProgram(named), import('@yeoul/engine/bundle')]);
  return beginBundle(sourcePath);
}

interface RestStart {
  readonly engine: EmbeddedEngine;
  readonly settings: StartSettings;
  readonly access: RestAccess | undefined;
  readonly ending: Ending;
  readonly files: LogFiles;
  readonly log: EngineLog;
  readonly context: CommandContext;
}

/** Prints the address once requests are accepted. */
async function startRest(start: RestStart): Promise<RestServer | undefined> {
  const { access, context, ending, engine, files, log, settings } = start;
  const { port } = settings;
  if (port === undefined || access === undefined) return undefined;
  const { serveRest } = await import('../serve-rest.ts');
  const server = await serveRest(engine, {
    ...settings,
    port,
    dataDirectory: settings.dataDir,
    logDirectory: files.directory,
    version: context.version,
    access,
    log,
    shutDown: () => ending.ask(),
  });
  context.error(`REST API at ${server.url}`);
  log.info('REST API', { url: server.url });
  if (access.tokens !== undefined && access.tls === undefined && !isLoopbackUrl(server.url)) {
    log.warn('Tokens travel in clear text: give --tls-cert and --tls-key, or put a proxy with TLS before it.');
  }
  return server;
}

function isLoopbackUrl(url: string): boolean {
  return /^http:\/\/(127\.|localhost|\[::1\])/.test(url);
}

interface Running {
  readonly engine: EmbeddedEngine;
  readonly server: RestServer | undefined;
  /** The program's exit code. */
  readonly ended: Promise<number>;
  readonly ending: Ending;
  readonly dataDir: string;
  readonly context: CommandContext;
}

/** Until the program's end, or until it is asked to end: then its job is kept. A server goes on for other jobs. */
async function keepRunning({ engine, server, ended, ending, dataDir, context }: Running): Promise<number> {
  await Promise.race([ended, ending.asked]);
  if (server !== undefined) await ending.asked;
  if (!ending.isAsked) return ended;
  await server?.close();
  const unfinished = engine.cluster.listJobs().filter(({ endTimeMs }) => endTimeMs < 0);
  await engine.close();
  await ended;
  for (const { name, jobId } of unfinished) {
    context.error(`Stopped. ${name} (${jobId}) is kept in ${dataDir} and goes on at the next start.`);
  }
  return ExitCode.Ok;
}

/** Suspended jobs, and records that cannot be read. @returns how many */
function reportNotResumed(engine: EmbeddedEngine, dataDir: string, context: CommandContext): number {
  const suspended = engine.cluster.listJobs().filter(({ state }) => state === 'SUSPENDED');
  for (const { jobId, name } of suspended) {
    const { root } = engine.cluster.jobDetail(jobId).exceptions;
    const reason = root === undefined ? 'for an unknown reason' : describeFailure(root, context.installedAt);
    context.error(`${name} (${jobId}) cannot be resumed: ${reason}`);
    context.error(
      `It is kept in ${dataDir}: put right what the message names and start again; or start without --program, and cancel it.`,
    );
  }
  const { unreadableRecords } = engine.cluster;
  for (const path of unreadableRecords) {
    context.error(
      `${path} is the record of an unfinished job and cannot be read; its checkpoints are kept. Put it back and start again; or remove it, and start the job anew from its newest checkpoint (--from-savepoint).`,
    );
  }
  return suspended.length + unreadableRecords.length;
}

/** An unfinished program of an earlier start, else a new one of the given source. */
async function executionToShow(
  engine: EmbeddedEngine,
  source: BegunBundle | undefined,
  args: readonly string[],
  flags: StartFlags,
  context: CommandContext,
  notResumed: number,
): Promise<ProgramExecution | undefined> {
  const kept = engine.cluster.listJobs().filter(({ endTimeMs, state }) => endTimeMs < 0 && state !== 'SUSPENDED');
  for (const { name, jobId } of kept) context.error(`Resuming ${name} (${jobId})`);
  const [resumed] = engine.cluster.programs();
  if (resumed !== undefined || source === undefined || notResumed > 0) return resumed;
  return engine.startProgram({ sourcePath: source, args, parallelism: flags.parallelism });
}
