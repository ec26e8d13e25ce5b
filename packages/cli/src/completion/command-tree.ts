// What can be completed, read off the commands themselves: no list to keep beside them.
import type { Argument, Command, Option } from 'commander';

/** What stands in a place of the command line. */
export type WordKind = 'job' | 'file' | 'folder' | 'choice' | 'free';

export interface CompletedWord {
  readonly kind: WordKind;
  /** Of kind "choice". */
  readonly choices: readonly string[];
}

export interface CompletedOption {
  /** "-p", "--parallelism". */
  readonly names: readonly string[];
  readonly description: string;
  /** Undefined: a switch. */
  readonly value: CompletedWord | undefined;
}

export interface CompletedCommand {
  /** "savepoint show"; empty for the command itself. */
  readonly path: string;
  readonly names: readonly string[];
  readonly description: string;
  readonly options: readonly CompletedOption[];
  readonly words: readonly CompletedWord[];
  /** The last word may be repeated. */
  readonly isVariadic: boolean;
  readonly commands: readonly CompletedCommand[];
}

export function toCommandTree(command: Command, path = ''): CompletedCommand {
  const children = command.commands.filter((child) => !isHidden(child));
  return {
    path,
    names: [command.name(), ...command.aliases()],
    description: oneLine(command.summary() || command.description()),
    options: [...command.options.filter((option) => !option.hidden).map(toOption), helpOption],
    words: command.registeredArguments.map(toWord),
    isVariadic: command.registeredArguments.at(-1)?.variadic === true,
    commands: children.map((child) => toCommandTree(child, `${path} ${child.name()}`.trim())),
  };
}

/** Every command with its path, parents first. */
export function flatten(command: CompletedCommand): readonly CompletedCommand[] {
  return [command, ...command.commands.flatMap(flatten)];
}

const helpOption: CompletedOption = { names: ['-h', '--help'], description: 'show help', value: undefined };

function isHidden(command: Command): boolean {
  return (command as Command & { readonly _hidden?: boolean })._hidden === true;
}

function toOption(option: Option): CompletedOption {
  const takesValue = option.required || option.optional;
  return {
    names: [option.short, option.long].filter((name) => name !== undefined),
    description: oneLine(option.description),
    value: takesValue ? toCompletedWord(nameOfValue(option.flags), option.argChoices) : undefined,
  };
}

/** "-p, --parallelism <n>" → "n". */
function nameOfValue(flags: string): string {
  return /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? '';
}

function toWord(argument: Argument): CompletedWord {
  return toCompletedWord(argument.name(), argument.argChoices);
}

const kindByName: Readonly<Record<string, WordKind>> = {
  job: 'job',
  'job|program': 'job',
  'program|job': 'job',
  program: 'file',
  file: 'file',
  jar: 'file',
  path: 'file',
  dir: 'folder',
};

/** The name of a place says what stands there: commands are to use these names. */
function toCompletedWord(name: string, choices: readonly string[] | undefined): CompletedWord {
  if (choices !== undefined) return { kind: 'choice', choices };
  return { kind: kindByName[name.replace('...', '')] ?? 'free', choices: [] };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
