// A setting as data: its names, type, range, default and meaning. The documentation, the checks and the readers are made from it.

/** What the text of a value is read as. */
export type OptionType = 'boolean' | 'integer' | 'number' | 'duration' | 'memory' | 'text' | 'directory' | 'choice';

/** @typeParam T of the value as read: durations in ms, memory in bytes, directories as absolute paths */
export interface ConfigOption<T = unknown> {
  /** Flink's where Flink has such a setting, else "yeoul.…". */
  readonly key: string;
  /** Further names it is known by, of other Flink versions; the first that is given counts. */
  readonly aliases: readonly string[];
  readonly type: OptionType;
  /** Undefined: there is none, `defaultText` says what happens then. */
  readonly default: T;
  /** Where the default depends on the surroundings. */
  readonly defaultText: string | undefined;
  /** In the unit of the value: ms, bytes, or the number itself. */
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** Of a choice: accepted text → value. */
  readonly choices: Readonly<Record<string, unknown>> | undefined;
  readonly description: string;
}

interface Common {
  readonly key: string;
  readonly aliases?: readonly string[];
  readonly defaultText?: string;
  readonly description: string;
}

interface Ranged extends Common {
  readonly minimum?: number;
  readonly maximum?: number;
}

type Definition = Ranged & { readonly default?: unknown; readonly choices?: Readonly<Record<string, unknown>> };

function define<T>(type: OptionType, definition: Definition): ConfigOption<T> {
  return {
    aliases: [],
    defaultText: undefined,
    minimum: undefined,
    maximum: undefined,
    choices: undefined,
    ...definition,
    type,
    default: definition.default as T,
  };
}

export function booleanOption(definition: Common & { readonly default: boolean }): ConfigOption<boolean> {
  return define('boolean', definition);
}

export function integerOption(definition: Ranged & { readonly default: number }): ConfigOption<number>;
export function integerOption(definition: Ranged): ConfigOption<number | undefined>;
export function integerOption(definition: Ranged): ConfigOption<number | undefined> {
  return define('integer', { minimum: 0, maximum: 2 ** 31 - 1, ...definition });
}

export function numberOption(definition: Ranged & { readonly default: number }): ConfigOption<number> {
  return define('number', definition);
}

/** Defaults and limits in ms. */
export function durationOption(definition: Ranged & { readonly default: number }): ConfigOption<number>;
export function durationOption(definition: Ranged): ConfigOption<number | undefined>;
export function durationOption(definition: Ranged): ConfigOption<number | undefined> {
  return define('duration', { minimum: 0, ...definition });
}

/** Defaults and limits in bytes. */
export function memoryOption(definition: Ranged & { readonly default: number }): ConfigOption<number>;
export function memoryOption(definition: Ranged): ConfigOption<number | undefined>;
export function memoryOption(definition: Ranged): ConfigOption<number | undefined> {
  return define('memory', { minimum: 0, ...definition });
}

export function textOption(definition: Common & { readonly default: string }): ConfigOption<string>;
export function textOption(definition: Common): ConfigOption<string | undefined>;
export function textOption(definition: Common): ConfigOption<string | undefined> {
  return define('text', definition);
}

/** A path, or a file: URI. */
export function directoryOption(definition: Common): ConfigOption<string | undefined> {
  return define('directory', definition);
}

export function choiceOption<const C extends Readonly<Record<string, unknown>>>(
  definition: Common & { readonly choices: C; readonly default: C[keyof C] },
): ConfigOption<C[keyof C]>;
export function choiceOption<const C extends Readonly<Record<string, unknown>>>(
  definition: Common & { readonly choices: C },
): ConfigOption<C[keyof C] | undefined>;
export function choiceOption(definition: Common & { readonly choices: Readonly<Record<string, unknown>> }) {
  return define<unknown>('choice', definition);
}
