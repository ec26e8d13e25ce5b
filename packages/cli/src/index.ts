/** The `yeoul` command: one file per verb in commands/. */
import { Command, CommanderError, type OutputConfiguration } from 'commander';
import type { CommandContext } from './command-context.ts';
import { addBuildCommand } from './commands/build.ts';
import { addCancelCommand } from './commands/cancel.ts';
import { addCheckpointCommand } from './commands/checkpoint.ts';
import { addCheckpointsCommand } from './commands/checkpoints.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addConfigCommand } from './commands/config.ts';
import { addInfoCommand } from './commands/info.ts';
import { addJarsCommand } from './commands/jars.ts';
import { addListCommand } from './commands/list.ts';
import { addLogsCommand } from './commands/logs.ts';
import { addMetricsCommand } from './commands/metrics.ts';
import { addPlanCommand } from './commands/plan.ts';
import { addRunCommand } from './commands/run.ts';
import { addSavepointCommand } from './commands/savepoint.ts';
import { addStartCommand } from './commands/start.ts';
import { addStopCommand } from './commands/stop.ts';
import { awaitReader, exitCodeOfUnread } from './end-of-output.ts';
import { ExitCode } from './exit-codes.ts';
import { createProcessContext, type Installation } from './process-context.ts';
import { reportError } from './program-error.ts';
import { UsageError } from './usage-error.ts';

export type { Installation } from './process-context.ts';

/** Runs the `yeoul` command. @returns the exit code */
export async function main(argv: readonly string[], installation: Installation): Promise<number> {
  const context = createProcessContext(installation);
  const exitCode = await runProgram(argv, installation.version, context);
  if (await awaitReader(context)) return exitCode;
  const unreadCode = exitCodeOfUnread(exitCode, context);
  context.abandon(unreadCode);
  return unreadCode;
}

async function runProgram(argv: readonly string[], version: string, context: CommandContext): Promise<number> {
  const program = createProgram(version, context);
  try {
    await program.parseAsync(withOwnDashes(argv), { from: 'user' });
    return context.exitCode;
  } catch (error) {
    return exitCodeOf(error, context);
  }
}

/** Groups of the help, and their verbs in the order in which people meet them. */
const verbs = {
  'Programs:': [addRunCommand, addBuildCommand, addPlanCommand],
  'Jobs of a server:': [
    addListCommand,
    addInfoCommand,
    addCancelCommand,
    addStopCommand,
    addSavepointCommand,
    addCheckpointCommand,
    addCheckpointsCommand,
    addMetricsCommand,
  ],
  'Servers:': [addStartCommand, addJarsCommand, addLogsCommand, addConfigCommand],
  'Shell:': [addCompletionCommand],
} as const;

export function createProgram(version: string, context: CommandContext): Command {
  const program = new Command('yeoul')
    .description('Stateful stream processing for TypeScript')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput(outputOf(context))
    .configureHelp({ subcommandTerm })
    .showHelpAfterError('(add --help for the options and examples)')
    .addHelpText('after', EXAMPLES);
  for (const [group, adders] of Object.entries(verbs)) {
    program.commandsGroup(group);
    for (const add of adders) add(program, context);
  }
  return program.commandsGroup('Shell:').helpCommand('help [verb]', 'show the options and examples of a verb');
}

/** Without "[options]", which all have. */
function subcommandTerm(command: Command): string {
  const places = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...places].join(' ');
}

/** Flink's command has long flags with one dash, too; of these, "-full" would be read as "-f -u -l -l". */
function withOwnDashes(argv: readonly string[]): readonly string[] {
  return argv[0] === 'checkpoint' ? argv.map((word) => (word === '-full' ? '--full' : word)) : argv;
}

function outputOf({ stdout, stderr }: CommandContext): OutputConfiguration {
  return {
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    getOutHelpWidth: () => (stdout.isTTY === true ? (stdout.columns ?? 100) : 100),
    getErrHelpWidth: () => (stderr.isTTY === true ? (stderr.columns ?? 100) : 100),
  };
}

const EXAMPLES = `
Examples:
  $ yeoul run job.ts                                  run a program to its end
  $ yeoul run -p 2 --live examples/state-machine      two subtasks, with a live view
  $ yeoul start                                       a server that keeps its jobs
  $ yeoul run -d job.ts                               start a job there
  $ yeoul list                                        the jobs that are there
  $ yeoul stop "State machine job"                    with a savepoint
  $ yeoul savepoint show savepoints/savepoint-7bf83c-a3c8c5190b01

Jobs are given by name, by id, or by the beginning of an id. Verbs and flags of Flink's command work.
Exit codes: 0 done, 1 failed, 2 wrong command line, 3 no server, 124 out of time, 130 interrupted. More: docs/cli.md`;

function exitCodeOf(error: unknown, context: CommandContext): number {
  // Commander has already printed what it has to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Ok : ExitCode.Usage;
  if (error instanceof UsageError) {
    context.error(error.message);
    return ExitCode.Usage;
  }
  return reportError(error, context);
}
