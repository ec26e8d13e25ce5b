/** The `yeoul` command: one file per verb in commands/. */

import { AppError } from '@yeoul/engine';
import { Command, CommanderError } from 'commander';
import type { CommandContext } from './command-context.ts';
import { addRunCommand } from './commands/run.ts';
import { addStartCommand } from './commands/start.ts';
import { ExitCode } from './exit-codes.ts';
import { createProcessContext, type Installation } from './process-context.ts';
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
    .showHelpAfterError('(yeoul --help shows the commands)');
  addRunCommand(program, context);
  addStartCommand(program, context);
  return program;
}

function exitCodeOf(error: unknown, context: CommandContext): number {
  // Commander has already printed what it has to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Ok : ExitCode.Usage;
  if (error instanceof UsageError) {
    context.error(error.message);
    return ExitCode.Usage;
  }
  const code = (error as { code?: unknown }).code;
  const isKnown = error instanceof AppError || (error instanceof Error && typeof code === 'string');
  context.error(isKnown ? `${(error as Error).message} [${String(code)}]` : String((error as Error).stack ?? error));
  return ExitCode.Failed;
}
