// yeoul run: runs a program on an engine in this process until its job ends.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalCluster } from '@yeoul/engine/runtime';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { addConfigFlags, type ConfigFlags } from '../config/config-flags.ts';
import { readRunSettings } from '../config/start-settings.ts';
import { ExitCode } from '../exit-codes.ts';
import { followProgram } from '../follow-program.ts';
import { hidden } from '../hidden-option.ts';
import { addLogFlags, type LogFlags } from '../log/log-flags.ts';
import { isJar, openProgram } from '../open-program.ts';
import { parseCount, parsePort } from '../parse-options.ts';
import { passOutput } from '../pass-output.ts';
import { resolveProgram } from '../resolve-program.ts';
import { serveBesideRun } from '../serve-beside-run.ts';
import { addJsonOption, addServerOptions, addTimeoutOption } from '../server-address.ts';
import { type SubmitFlags, submitProgram } from '../submit-program.ts';
import { UsageError } from '../usage-error.ts';

/** The engine serves this one program: slots follow the job, up to a number that no machine at hand would like. */
const DEFAULT_SLOTS = 32;
/** More threads are not started without being asked for: a job that needs more is told so, with both numbers. */
const MAX_DEFAULT_SLOTS = 128;
/** Threads started while the program is being read: more of them would be in its way. */
const MAX_WARM_SLOTS = 16;

interface RunFlags extends ConfigFlags, LogFlags, SubmitFlags {
  readonly parallelism?: number;
  readonly class?: string;
  readonly fromSavepoint?: string;
  readonly allowNonRestoredState?: boolean;
  readonly dataDir?: string;
  readonly slots?: number;
  readonly stateBackend?: 'heap' | 'disk';
  readonly live?: boolean;
  readonly port?: number;
}

export function addRunCommand(program: Command, context: CommandContext): void {
  addSubmitFlags(addLogFlags(addConfigFlags(program.command('run'))))
    .summary('run a program, in this process or on a server')
    .description('Run a program on an engine in this process, to its end; or with -m or -d on a server.')
    .argument('<program>', 'program file, a folder with one, e.g. examples/word-count, or .jar')
    .argument('[args...]', "the program's own arguments")
    .option('-p, --parallelism <n>', 'parallelism of the job', parseCount)
    .option('-c, --class <entry>', 'entry of the program: the name of an export (default: its default export)')
    .option('-s, --from-savepoint <path>', 'savepoint or checkpoint to start from')
    .option('-n, --allow-non-restored-state', 'leave out state of the savepoint that the program has no place for')
    .option('--data-dir <dir>', 'where checkpoints and savepoints are kept (default: a temporary directory)')
    .option(
      '--slots <n>',
      `slots of the engine (default: ${DEFAULT_SLOTS}, or as many as -p says, up to ${MAX_DEFAULT_SLOTS}; a thread is started for each that the job needs)`,
      parseCount,
    )
    .addOption(
      new Option('--state-backend <kind>', 'where keyed state is kept, unless the program says it').choices([
        'heap',
        'disk',
      ]),
    )
    .option('--live', 'show a live view of the job in the terminal')
    .option('--port <n>', 'serve the REST API while it runs, for savepoints; 0 takes a free port', parsePort)
    .passThroughOptions()
    .addHelpText('after', EXAMPLES)
    .action(async (named: string, args: string[], flags: RunFlags) => {
      context.exitCode = await runHereOrThere(named, args, flags, context);
    });
}

function addSubmitFlags(command: Command): Command {
  return addTimeoutOption(addJsonOption(addServerOptions(command)))
    .option('-d, --detached', 'on a server: start the job and leave it to itself')
    .option('--wait', 'with -d: until all of its tasks run')
    .option('--shutdown-on-attached-exit', 'on a server, without -d: Ctrl-C cancels the job')
    .addOption(hidden('--fromSavepoint <path>'))
    .addOption(hidden('--allowNonRestoredState'));
}

/** Flags of an engine in this process, and what they are called. */
const ownEngineFlags = [
  ['dataDir', '--data-dir'],
  ['slots', '--slots'],
  ['stateBackend', '--state-backend'],
  ['live', '--live'],
  ['port', '--port'],
] as const satisfies readonly (readonly [keyof RunFlags, string])[];

function runHereOrThere(named: string, args: string[], flags: RunFlags, context: CommandContext): Promise<number> {
  const isThere = flags.server !== undefined || flags.jobmanager !== undefined || flags.detached === true;
  if (!isThere) return run(named, args, flags, context);
  const [other] = ownEngineFlags.filter(([name]) => flags[name] !== undefined);
  if (other === undefined) return submitProgram(named, args, flags, context);
  throw new UsageError(`${other[1]} is for an engine in this process; with -m or -d the server has its own`);
}

const EXAMPLES = `
Examples:
  $ yeoul run examples/word-count --input book.txt
  $ yeoul run -p 2 --live examples/state-machine --sleep 0
  $ yeoul run -s savepoints/savepoint-7bf83c-a3c8c5190b01 job.ts
  $ yeoul run -m 127.0.0.1:8081 -d job.ts          on a server, and leave it there
Options of the engine stand before the program, the program's own after it.`;

async function run(named: string, args: readonly string[], flags: RunFlags, context: CommandContext): Promise<number> {
  await using jar = isJar(named) ? await openProgram(named) : undefined;
  const { beginBundle } = await import('@yeoul/engine/bundle');
  // In a process of its own, while this one loads the engine.
  const sourcePath = await beginBundle(jar?.bundlePath ?? (await resolveProgram(named)));
  const { configuration, dataDir, slots } = await readRunSettings(flags);
  const { createEngineLog, describeDoubtful, LogFiles, logStart } = await import('../log/index.ts');
  const { toClusterSettings, toProgramDefaults } = await import('@yeoul/engine/runtime');
  const temporary = dataDir === undefined ? await mkdtemp(join(tmpdir(), 'yeoul-')) : undefined;
  const dataDirectory = dataDir ?? (temporary as string);
  const defaults = toProgramDefaults(configuration);
  const parallelism = flags.parallelism ?? defaults.parallelism;
  const log = createEngineLog(configuration, flags, dataDir !== undefined, context);
  for (const line of describeDoubtful(configuration)) log.warn(line);
  try {
    await using files = new LogFiles({ configuration, context, dataDirectory });
    await using engine = await context.openEngine({
      dataDirectory,
      slots: slots ?? Math.min(Math.max(parallelism, DEFAULT_SLOTS), MAX_DEFAULT_SLOTS),
      warmSlots: Math.min(parallelism, MAX_WARM_SLOTS),
      expectsProgram: true,
      defaults,
      cluster: toClusterSettings(configuration),
      logger: log,
    });
    // A temporary directory goes with its log.
    if (dataDir !== undefined) await files.open(log, engine.cluster);
    logStart(log, configuration, { version: context.version, pid: process.pid, node: process.version, dataDirectory });
    const { cluster } = engine;
    refuseUnfinished(cluster, dataDir);
    const tail = passOutput(cluster, flags.live === true, context);
    const interrupted = new Promise<void>((resolve) => {
      context.onInterrupt(() => {
        cancelAll(cluster);
        resolve();
      });
    });
    await using server = await serveBesideRun({
      engine,
      flags,
      dataDirectory,
      isTemporary: dataDir === undefined,
      logDirectory: files.directory,
      shutDown: () => cancelAll(cluster),
      context,
    });
    const started = engine.startProgram({
      sourcePath,
      args,
      entry: flags.class ?? jar?.defaultEntry ?? 'default',
      parallelism: flags.parallelism,
      savepointPath: flags.fromSavepoint,
      allowNonRestoredState: flags.allowNonRestoredState,
    });
    const execution = await Promise.race([started, interrupted]);
    if (execution === undefined) return ExitCode.Interrupted;
    return await followProgram(cluster, execution, interrupted, { tail, address: server?.url }, context);
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

/** Opening the engine has resumed them: they are not this program's to wait for, nor to cancel. */
function refuseUnfinished(cluster: LocalCluster, dataDir: string | undefined): void {
  const unfinished = cluster.listJobs().filter(({ endTimeMs }) => endTimeMs < 0);
  if (unfinished.length === 0) return;
  const names = unfinished.map(({ name, jobId }) => `${name} (${jobId})`).join(', ');
  throw new UsageError(
    `Data directory ${dataDir} has unfinished jobs: ${names}. Go on with them by "yeoul start --data-dir ${dataDir}", or choose another directory`,
  );
}

function cancelAll(cluster: LocalCluster): void {
  for (const { jobId, endTimeMs } of cluster.listJobs()) {
    if (endTimeMs < 0) void cluster.cancel(jobId).catch(() => undefined);
  }
}
