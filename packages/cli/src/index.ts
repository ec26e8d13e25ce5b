/** The `yeoul` command: one file per verb in commands/. */
import { Command, CommanderError } from 'commander';
import type { CommandContext } from './command-context.ts';
import { addBuildCommand } from './commands/build.ts';
import { addRunCommand } from './commands/run.ts';
import { addStartCommand } from './commands/start.ts';
import { ExitCode } from './exit-codes.ts';
import { createProcessContext, type Installation } from './process-context.ts';
import { reportError } from './program-error.ts';
import { UsageError } from './usage-error.ts';

export type { Installation } from './process-context.ts';

/** Runs the `yeoul` command. @returns the exit code */
export async function main(argv: readonly string[], installation: Installation): Promise<number> {
  const context = createProcessContext(installation);
  const program = createProgram(installation.version, context);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    return exitCodeOf(error, context);
  }
}

function createProgram(version: string, context: CommandContext): Command {
  const program = new Command('yeoul')
    .description('Stateful stream processing for TypeScript')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(add --help for the options and examples)')
    .addHelpText('after', EXAMPLES);
  addRunCommand(program, context);
  addBuildCommand(program, context);
  addStartCommand(program, context);
  return program;
}

const EXAMPLES = `
Examples:
  $ yeoul run job.ts                                  run a program to its end
  $ yeoul run -p 2 --live examples/state-machine      two subtasks, with a live view
  $ yeoul run examples/word-count --input book.txt    the program's own options come after it
  $ yeoul build job.ts -o job.jar                     make a job jar for the REST API
  $ yeoul start --program job.ts                      keep its state: the next start resumes it

Exit codes: 0 done, 1 failed, 2 wrong command line, 130 interrupted. More: docs/cli.md`;

function exitCodeOf(error: unknown, context: CommandContext): number {
  // Commander has already printed what it has to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Ok : ExitCode.Usage;
  if (error instanceof UsageError) {
    context.error(error.message);
    return ExitCode.Usage;
  }
  return reportError(error, context);
}
