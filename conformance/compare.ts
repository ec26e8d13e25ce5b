// Compares what a server answered with what was recorded from Flink. More is allowed, less or other is not.
import { rightId, ruleFor } from './compare-rules.ts';
import type { Answer, CallStep, Recording, Scenario } from './scenario.ts';

export interface Difference {
  readonly scenario: string;
  readonly label: string;
  readonly request: string;
  readonly lines: readonly string[];
}

export interface Comparison {
  readonly compared: number;
  readonly differences: readonly Difference[];
}

export function compare(scenario: Scenario, golden: Recording, actual: Recording): Comparison {
  const calls = new Map(scenario.steps.flatMap((step) => ('call' in step && step.label ? [[step.label, step]] : [])));
  const answers = new Map(actual.answers.map((answer) => [answer.label, answer]));
  const differences = golden.answers.flatMap((expected): Difference[] => {
    const { label, request } = expected;
    const lines = compareAnswers(expected, answers.get(label), calls.get(label) ?? {});
    return lines.length === 0 ? [] : [{ scenario: scenario.name, label, request, lines }];
  });
  return { compared: golden.answers.length, differences };
}

type Allowance = Pick<CallStep, 'better' | 'isVolatile'>;

function compareAnswers(golden: Answer, actual: Answer | undefined, step: Allowance): string[] {
  if (actual === undefined) return ['was not recorded'];
  if (actual.status === step.better && isReadable(actual)) return [];
  const place = new Place(golden.label);
  const lines: string[] = [];
  if (actual.status !== golden.status) lines.push(`status: ${golden.status} expected, ${actual.status} came`);
  if (mediaType(actual) !== mediaType(golden))
    lines.push(`content type: ${golden.contentType} expected, ${actual.contentType} came`);
  if (step.isVolatile && kindOf(golden.body) === kindOf(actual.body)) return lines;
  return [...lines, ...compareValues(golden.body, actual.body, place)];
}

function isReadable({ status, body }: Answer): boolean {
  return status < 300 || typeof (body as { readonly errors?: readonly unknown[] }).errors?.[0] === 'string';
}

function mediaType({ contentType }: Answer): string | undefined {
  return contentType?.split(';')[0];
}

/** Where in an answer: "label path.to.value". */
class Place {
  readonly #label: string;
  readonly path: readonly string[];

  constructor(label: string, path: readonly string[] = []) {
    this.#label = label.replace(/-\d+$/, '');
    this.path = path;
  }

  child(key: string): Place {
    return new Place(this.#label, [...this.path, key]);
  }

  get rule() {
    return ruleFor(`${this.#label} ${this.path.join('.')}`);
  }

  toString(): string {
    return this.path.join('.') || 'body';
  }
}

function compareValues(golden: unknown, actual: unknown, place: Place): string[] {
  const { rule } = place;
  if (rule === 'ignored') return [];
  if (kindOf(golden) !== kindOf(actual)) return [`${place}: ${show(golden)} expected, ${show(actual)} came`];
  if (Array.isArray(golden)) return compareLists(golden, actual as unknown[], place);
  if (typeof golden === 'object' && golden !== null) return compareObjects(golden, actual as object, place);
  const isSame = isAllowed(golden, actual, rule) || normalize(golden) === normalize(actual);
  return isSame ? [] : [`${place}: ${show(golden)} expected, ${show(actual)} came`];
}

function isAllowed(golden: unknown, actual: unknown, rule: ReturnType<typeof ruleFor>): boolean {
  if (rule === 'type') return true;
  if (rule !== 'sign') return false;
  if (typeof golden === 'number') return golden < 0 === (actual as number) < 0;
  return typeof golden === 'string' && isNumber(golden) && isNumber(actual as string);
}

function isNumber(text: string): boolean {
  return text !== '' && !Number.isNaN(Number(text));
}

function compareObjects(golden: object, actual: object, place: Place): string[] {
  const fields = Object.entries(golden).flatMap(([key, value]) => {
    const child = place.child(key);
    if (child.rule === 'ignored') return [];
    if (!Object.hasOwn(actual, key)) return [`${child}: missing`];
    return compareValues(value, (actual as Readonly<Record<string, unknown>>)[key], child);
  });
  return [...fields, ...compareOrder(golden, actual, place)];
}

/** Fields that both have stand in the same order; further ones may stand anywhere. */
function compareOrder(golden: object, actual: object, place: Place): string[] {
  const [expected, came] = [
    Object.keys(golden).filter((key) => Object.hasOwn(actual, key)),
    Object.keys(actual).filter((key) => Object.hasOwn(golden, key)),
  ];
  // Maps by state are hashed by address in Java: their order is that of one run.
  if (expected.every((key) => /^[A-Z]+$/.test(key))) return [];
  const isSame = expected.every((key, i) => key === came[i]);
  return isSame ? [] : [`${place}: fields in the order ${expected.join(', ')} expected, ${came.join(', ')} came`];
}

/** Entries with an id are found by it; histories are as long as the run was. */
function compareLists(golden: readonly unknown[], actual: readonly unknown[], place: Place): string[] {
  const key = ['id', 'key', 'name'].find((name) => golden.length > 0 && golden.every((entry) => textAt(entry, name)));
  if (key === 'id' || key === 'key') {
    return golden.flatMap((entry) => {
      const id = rightId(textAt(entry, key) as string);
      const found = actual.find((candidate) => textAt(candidate, key) === id);
      const at = place.child(`[${id}]`);
      if (at.rule === 'ignored') return [];
      return found === undefined ? [`${at}: missing`] : compareValues({ ...(entry as object), [key]: id }, found, at);
    });
  }
  const isHistory = place.path.at(-1) === 'history';
  const length = isHistory ? Math.min(golden.length, actual.length) : golden.length;
  const lines =
    golden.length === actual.length || isHistory
      ? []
      : [`${place}: ${golden.length} entries expected, ${actual.length} came`];
  const pairs = golden.slice(0, Math.min(length, actual.length));
  return [...lines, ...pairs.flatMap((entry, i) => compareValues(entry, actual[i], place.child(String(i))))];
}

function textAt(entry: unknown, key: string): string | undefined {
  const value = (entry as Readonly<Record<string, unknown>> | null)?.[key];
  return typeof value === 'string' ? value : undefined;
}

/** Names of default jobs hold a date, call sites the language, refusals a trace. */
function normalize(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value
    .replace(/^(Flink|Yeoul)[ \w]* Job at .*/, '<default name>')
    .replace(/\bat [\w$.<>]+\([^()\s]+:\d+\)/g, 'at <call site>')
    .replace(/\((?:[\w$]+\.)*CollectionInputFormat\)/g, '(CollectionInputFormat)')
    .replace(/@[0-9a-f]+/g, '@<hash>')
    .split('\n')[0];
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
