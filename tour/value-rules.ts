// Which values differ from run to run, by the key they stand under; all others must be as documented.

export type ValueRule =
  /** Points in time: after 1970, or not yet (0), or never (-1), as documented. */
  | 'moment'
  /** Durations, sizes, counts: negative or not, as documented. Also as text. */
  | 'amount'
  /** Of this machine: the same type. */
  | 'type';

const rules: readonly (readonly [RegExp, ValueRule])[] = [
  [/^(timezone-name|timezone-offset|flink-revision|yeoul-version|host|discarded)$/, 'type'],
  [/^(accumulated-.*|net-runtime|duration|.*[_-]duration|start_delay|sync|async|buffered)$/, 'amount'],
  [/^(.*-time|start_time|.*_?timestamp|now|uploaded|last-modification)$/, 'moment'],
  [
    /^(.*-bytes|.*-records|.*_size|.*_buffered|.*_data|min|max|avg|p\d+|id|total|completed|in_progress|value)$/,
    'amount',
  ],
];

/** @param path keys and indexes from the answer's root */
export function ruleFor(path: readonly (string | number)[]): ValueRule | undefined {
  if (path.at(-2) === 'timestamps') return 'moment';
  const key = path.findLast((part) => typeof part === 'string');
  return rules.find(([keys]) => keys.test(String(key)))?.[1];
}

/** @returns whether the value will do under the rule; undefined: the rule does not speak of such values, they must be equal */
export function fits(rule: ValueRule, documented: unknown, actual: unknown): boolean | undefined {
  if (rule === 'type') return typeof documented === typeof actual;
  if (typeof documented === 'number' && typeof actual === 'number') {
    if (rule === 'moment') return Math.sign(documented) === Math.sign(actual);
    return documented < 0 === actual < 0;
  }
  const areNumerals = isNumeral(documented) && isNumeral(actual);
  return rule === 'amount' && areNumerals ? documented.startsWith('-') === actual.startsWith('-') : undefined;
}

function isNumeral(value: unknown): value is string {
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value);
}
