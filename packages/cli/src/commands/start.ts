// yeoul start: an engine that keeps its jobs. Jobs of an earlier start go on from their newest checkpoint.
import { availableParallelism } from 'node:os';
import type { EmbeddedEngine } from '@yeoul/engine/runtime';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { ExitCode } from '../exit-codes.ts';
import { watchJob } from '../live/watch-job.ts';
import { parseCount } from '../parse-options.ts';
import { resolveProgram } from '../resolve-program.ts';

interface StartFlags {
  readonly dataDir: string;
  readonly slots?: number;
  readonly program?: string;
  readonly live?: boolean;
}

export function addStartCommand(program: Command, context: CommandContext): void {
  program
    .command('start')
    .description('start an engine that keeps its jobs; unfinished ones go on from their newest checkpoint')
    .argument('[args...]', 'arguments of the program given with --program')
    .option('--data-dir <dir>', 'where jobs, checkpoints and savepoints are kept', '.yeoul')
    .option('--slots <n>', 'slots of the engine (default: the number of cores)', parseCount)
    .option('--program <program>', 'run this program unless an unfinished job is already there')
    .option('--live', 'show a live view of the job in the terminal')
    .addHelpText('after', EXAMPLES)
    .action(async (args: string[], flags: StartFlags) => {
      context.exitCode = await start(args, flags, context);
    });
}

const EXAMPLES = `
Examples:
  $ yeoul start --program examples/state-machine --live
  $ yeoul start --data-dir /var/lib/yeoul --slots 8
Ctrl-C ends the engine and keeps the jobs: the next start resumes them.`;

async function start(args: readonly string[], flags: StartFlags, context: CommandContext): Promise<number> {
  const slots = flags.slots ?? availableParallelism();
  await using engine = await context.openEngine({ dataDirectory: flags.dataDir, slots, warmSlots: 1 });
  const jobId = await jobToShow(engine, args, flags, context);
  const interrupted = new Promise<void>((resolve) => void context.onInterrupt(resolve));
  if (jobId === undefined) {
    context.error(`Engine ready: ${slots} slots, data in ${flags.dataDir}. Ctrl-C ends it.`);
    await interrupted;
    return ExitCode.Ok;
  }
  const ended = watchJob(engine.cluster, jobId, { live: flags.live === true, context });
  await Promise.race([ended, interrupted]);
  if (context.interrupted) {
    await engine.close();
    await ended;
    context.error(
      `Stopped. Job ${jobId} is kept in ${flags.dataDir} and goes on from its newest checkpoint at the next start.`,
    );
    return ExitCode.Ok;
  }
  const { state, failure } = await ended;
  if (state === 'FAILED') context.error(`Job ${jobId} failed: ${failure ?? 'unknown'}`);
  return state === 'FAILED' ? ExitCode.Failed : ExitCode.Ok;
}

/** An unfinished job of an earlier start, else a new one of the given program. */
async function jobToShow(
  engine: EmbeddedEngine,
  args: readonly string[],
  flags: StartFlags,
  context: CommandContext,
): Promise<string | undefined> {
  const kept = engine.cluster.listJobs().find(({ endTimeMs }) => endTimeMs < 0);
  if (kept) {
    context.error(`Resuming ${kept.name} (${kept.jobId})`);
    return kept.jobId;
  }
  if (flags.program === undefined) return undefined;
  return engine.runProgram({ sourcePath: await resolveProgram(flags.program), args });
}
