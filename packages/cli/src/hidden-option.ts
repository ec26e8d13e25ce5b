import { Option } from 'commander';

/** Flink's spelling of an option that has another one here: taken, not shown. */
export function hidden(flags: string, parse?: (text: string) => unknown): Option {
  const option = new Option(flags).hideHelp();
  return parse === undefined ? option : option.argParser(parse);
}
