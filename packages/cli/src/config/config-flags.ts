// -D and --config. Light: every verb's options are made at start.
import { type Command, InvalidArgumentError } from 'commander';

export type ConfigEntry = readonly [key: string, value: string];

export interface ConfigFlags {
  readonly define?: readonly ConfigEntry[];
  readonly config?: string;
}

export function addConfigFlags(command: Command): Command {
  return command
    .option('--config <file>', "settings: Flink's flink-conf.yaml or config.yaml, see docs/configuration.md")
    .option('-D, --define <key=value>', 'a setting, over those of the file; repeatable', collectSetting);
}

/** Settings that other flags stand for. @param values by key; undefined: the flag was not given */
export function flaggedSettings(values: Readonly<Record<string, string | number | undefined>>): readonly ConfigEntry[] {
  return Object.entries(values).flatMap(([key, value]): ConfigEntry[] =>
    value === undefined ? [] : [[key, String(value)]],
  );
}

function collectSetting(text: string, earlier: readonly ConfigEntry[] = []): readonly ConfigEntry[] {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`"${text}" is no setting: write key=value.`);
  return [...earlier, [text.slice(0, at).trim(), text.slice(at + 1).trim()]];
}
