// The settings in effect: defaults, the file, -D, then flags; what comes later wins.
import { readFile } from 'node:fs/promises';
import { AppError, appError } from '@yeoul/engine';
import { Configuration, nearestText } from '@yeoul/engine/runtime';
import { UsageError } from '../usage-error.ts';
import { allOptions } from './all-options.ts';
import type { ConfigEntry, ConfigFlags } from './config-flags.ts';

/**
 * @param flagged settings that other flags stand for
 * @throws UsageError that says what is wrong with the file, the setting or its value
 */
export async function readConfiguration(
  { config, define = [] }: ConfigFlags,
  flagged: readonly ConfigEntry[],
): Promise<Configuration> {
  try {
    return new Configuration(allOptions, config === undefined ? [] : await readConfigFile(config), define, flagged);
  } catch (error) {
    throw error instanceof AppError ? new UsageError(`${error.message} [${error.code}]`) : error;
  }
}

/** Settings that nothing here reads, though one of nearly the same name is read: they may be misspelt. */
export function describeDoubtful(configuration: Configuration): readonly string[] {
  const known = allOptions.flatMap(({ key, aliases }) => [key, ...aliases]);
  return Object.keys(configuration.shown()).flatMap((key) => {
    if (known.includes(key)) return [];
    const near = nearestText(key, known, MAX_MISSPELT);
    return near === undefined ? [] : [`Setting ${key} has no effect: did you mean ${near}?`];
  });
}

/** Letters that may be wrong; more, and it is a setting of Flink that we do not have. */
const MAX_MISSPELT = 2;

async function readConfigFile(path: string): Promise<readonly ConfigEntry[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw appError('CONFIG_FILE_INVALID', [path, (error as Error).message], { cause: error });
  }
  // The parser takes longer to load than most starts have settings to read.
  const { parseConfigFile } = await import('./parse-config-file.ts');
  return parseConfigFile(text, path);
}
