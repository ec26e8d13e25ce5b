// The log of an engine as settings and flags say.
import type { Configuration } from '@yeoul/engine/runtime';
import type { CommandContext } from '../command-context.ts';
import { loggingOptions } from '../config/logging-options.ts';
import { EngineLog } from './engine-log.ts';
import type { LogFlags } from './log-flags.ts';
import { LogLevel } from './log-level.ts';

/** @param hasFile the log is kept; without, the level that was asked for is that of standard error */
export function createEngineLog(
  configuration: Configuration,
  { quiet, verbose }: LogFlags,
  hasFile: boolean,
  context: Pick<CommandContext, 'nowMs' | 'error'>,
): EngineLog {
  const asked = hasFile ? undefined : configuration.find(loggingOptions.level);
  return new EngineLog({
    fileLevel: configuration.get(loggingOptions.level),
    consoleLevel: quiet === true ? LogLevel.error : verbose === true ? LogLevel.info : (asked ?? LogLevel.warn),
    nowMs: context.nowMs,
    printError: (line) => context.error(line),
  });
}

/** What a reader of the log needs to know first. @see Apache Flink, EnvironmentInformation.logEnvironmentInfo */
export function logStart(log: EngineLog, configuration: Configuration, facts: Readonly<Record<string, unknown>>): void {
  log.info('Starting', facts);
  for (const [key, value] of Object.entries(configuration.shown())) log.info('Setting', { key, value });
}
