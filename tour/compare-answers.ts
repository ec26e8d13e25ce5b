// Holds an answer against the documented one: the same keys in the same order, the same types, equal values but for what is volatile.
import { IdNames } from './id-names.ts';
import { fits, ruleFor } from './value-rules.ts';

/** At the end of a documented text or list: more follows that is not shown. */
export const ELLIPSIS = '…';

export interface CompareOptions {
  /** Of the page. */
  readonly ids?: IdNames;
  /** Keys whose values must be equal although they are volatile elsewhere. */
  readonly exact?: readonly string[];
}

type Path = readonly (string | number)[];

/** @returns differences, each with its place; none: the answer is as documented */
export function compareAnswers(documented: unknown, actual: unknown, options: CompareOptions = {}): string[] {
  return new Comparison(options).values(documented, actual, []);
}

class Comparison {
  readonly #ids: IdNames;
  readonly #exact: ReadonlySet<string | number>;

  constructor({ ids = new IdNames(), exact = [] }: CompareOptions) {
    this.#ids = ids;
    this.#exact = new Set(exact);
  }

  values(documented: unknown, actual: unknown, path: Path): string[] {
    const [ours, theirs] = [typeOf(documented), typeOf(actual)];
    if (ours !== theirs) return [`${placeOf(path)}: ${shown(actual)} is ${theirs}, documented is ${ours}`];
    if (Array.isArray(documented)) return this.#lists(documented, actual as unknown[], path);
    if (ours === 'an object') return this.#objects(documented as object, actual as object, path);
    return this.#isAsDocumented(documented, actual, path)
      ? []
      : [`${placeOf(path)}: ${shown(actual)}, documented is ${shown(documented)}`];
  }

  #lists(documented: readonly unknown[], actual: readonly unknown[], path: Path): string[] {
    const isCut = documented.at(-1) === ELLIPSIS;
    const expected = isCut ? documented.slice(0, -1) : documented;
    const entries = path.at(-1) === 'history' ? withoutThoseUnderWay(expected, actual) : actual;
    if (isCut ? entries.length < expected.length : entries.length !== expected.length) {
      return [
        `${placeOf(path)}: ${entries.length} entries, documented are ${isCut ? 'at least ' : ''}${expected.length}`,
      ];
    }
    return expected.flatMap((value, at) => this.values(value, entries[at], [...path, at]));
  }

  #objects(documented: object, actual: object, path: Path): string[] {
    const [ours, theirs] = [Object.keys(documented), Object.keys(actual)];
    const areAlike =
      ours.length === theirs.length && ours.every((key, at) => this.#ids.areAlike(key, theirs[at] as string));
    if (!areAlike) return [`${placeOf(path)}: keys ${theirs.join(', ')}; documented are ${ours.join(', ')}`];
    const values = Object.values(actual);
    return Object.entries(documented).flatMap(([key, value], at) => this.values(value, values[at], [...path, key]));
  }

  #isAsDocumented(documented: unknown, actual: unknown, path: Path): boolean {
    const rule = this.#exact.has(path.at(-1) ?? '') ? undefined : ruleFor(path);
    const fitting = rule && fits(rule, documented, actual);
    if (fitting !== undefined) return fitting;
    if (typeof documented !== 'string' || typeof actual !== 'string') return documented === actual;
    if (!documented.endsWith(ELLIPSIS)) return this.#ids.areAlike(documented, actual);
    const shownPart = documented.slice(0, -ELLIPSIS.length);
    return this.#ids.areAlike(shownPart, actual.slice(0, shownPart.length));
  }
}

/** A checkpoint may be under way at the moment of the question. */
function withoutThoseUnderWay(documented: readonly unknown[], actual: readonly unknown[]): readonly unknown[] {
  const isUnderWay = (entry: unknown) => (entry as { status?: unknown } | null)?.status === 'IN_PROGRESS';
  return documented.some(isUnderWay) ? actual : actual.filter((entry) => !isUnderWay(entry));
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return (
    { object: 'an object', string: 'a text', number: 'a number', boolean: 'a boolean' }[typeof value as string] ??
    'nothing'
  );
}

function placeOf(path: Path): string {
  return path.length === 0 ? 'the answer' : path.join('.');
}

const MAX_SHOWN = 120;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}${ELLIPSIS}` : text;
}
