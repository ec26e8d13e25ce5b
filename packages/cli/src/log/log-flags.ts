// What is logged, and what of it is shown at once. Light: every verb's options are made at start.
import { type Command, Option } from 'commander';
import { LogLevel } from './log-level.ts';

export interface LogFlags {
  readonly logLevel?: LogLevel;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export function addLogFlags(command: Command): Command {
  return command
    .addOption(new Option('--log-level <level>', 'what is logged').choices(Object.values(LogLevel)))
    .option('-q, --quiet', 'print no warnings, errors only')
    .option('-v, --verbose', 'print what the engine does');
}
