import { parseArgs } from 'node:util';
import type { Backend } from './protocol.ts';

/** What the command line asks for; what it leaves open comes from bars.json. */
export interface BenchArguments {
  /** Name of a benchmark, or `all`. */
  readonly name: string;
  readonly against: readonly ('flink' | 'plain')[];
  readonly without: readonly ('yeoul' | 'plain')[];
  readonly records?: number;
  readonly keys?: number;
  readonly textMiB?: number;
  readonly file?: string;
  readonly checkpointMs?: number;
  readonly backend?: Backend;
  readonly batch: boolean;
  readonly parallelism: number;
  readonly repeats: number;
  readonly warmUps: number;
  readonly json: boolean;
  readonly check: boolean;
  readonly svg?: string;
}

export type BenchCommand = { readonly kind: 'help' } | { readonly kind: 'run'; readonly arguments: BenchArguments };

/** A mistake on the command line. */
export class UsageError extends Error {}

const OPTIONS = {
  against: { type: 'string', multiple: true },
  without: { type: 'string', multiple: true },
  records: { type: 'string' },
  keys: { type: 'string' },
  mib: { type: 'string' },
  file: { type: 'string' },
  checkpoint: { type: 'string' },
  backend: { type: 'string' },
  batch: { type: 'boolean' },
  parallelism: { type: 'string' },
  repeats: { type: 'string' },
  'warm-ups': { type: 'string' },
  json: { type: 'boolean' },
  check: { type: 'boolean' },
  svg: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Values = ReturnType<typeof parseValues>['values'];

/** @param names of the benchmarks there are @throws UsageError with the value and what is allowed */
export function parseArguments(argv: readonly string[], names: readonly string[]): BenchCommand {
  const { values, positionals } = parseValues(argv);
  if (values.help === true) return { kind: 'help' };
  const [name, ...rest] = positionals;
  if (name === undefined) return { kind: 'help' };
  if (rest.length > 0) throw new UsageError(`One benchmark at a time, not also ${rest.join(' ')}`);
  return { kind: 'run', arguments: toArguments(oneOf('benchmark', name, names), values) };
}

function parseValues(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function toArguments(name: string, values: Values): BenchArguments {
  const optional = {
    records: wholeNumber('--records', values.records, 1),
    keys: wholeNumber('--keys', values.keys, 1),
    textMiB: wholeNumber('--mib', values.mib, 1),
    checkpointMs: wholeNumber('--checkpoint', values.checkpoint, 0),
    file: values.file,
    svg: values.svg,
    backend: values.backend === undefined ? undefined : oneOf('--backend', values.backend, ['heap', 'disk'] as const),
  };
  return {
    name,
    against: listOf('--against', values.against, ['flink', 'plain'] as const),
    without: listOf('--without', values.without, ['yeoul', 'plain'] as const),
    batch: values.batch ?? false,
    parallelism: wholeNumber('--parallelism', values.parallelism, 1) ?? 2,
    repeats: wholeNumber('--repeats', values.repeats, 1) ?? 5,
    warmUps: wholeNumber('--warm-ups', values['warm-ups'], 0) ?? 1,
    json: values.json ?? false,
    check: values.check ?? false,
    ...withoutUndefined(optional),
  };
}

function wholeNumber(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`${option} ${text}: expected a whole number from ${least} on`);
  }
  return value;
}

function listOf<T extends string>(option: string, given: readonly string[] | undefined, allowed: readonly T[]): T[] {
  const names = (given ?? []).flatMap((text) => text.split(','));
  return [...new Set(names.map((name) => oneOf(option, name, allowed)))];
}

function oneOf<T extends string>(what: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new UsageError(`${what} ${value}: expected one of ${allowed.join(', ')}`);
  return found;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}
