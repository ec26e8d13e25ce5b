// What may differ between two servers that answer alike. First rule that fits a place counts; the rest must be equal.

export type Rule =
  /** Not looked at, and need not be there. */
  | 'ignored'
  /** Numbers: both negative (unset), or neither. Texts: both numbers, or neither. */
  | 'sign'
  /** Same type. */
  | 'type'
  /** Lists: entries of the recording must be there by name; more may be. */
  | 'by-name';

interface RuleFor {
  /** Of "label path", the path with dots. */
  readonly place: RegExp;
  readonly rule: Rule;
}

export const rules: readonly RuleFor[] = [
  // The machine's, not the contract's.
  { place: /^jobmanager-config \[[^\]]*\]$/, rule: 'ignored' },
  { place: /flink-(version|revision|commit)$|timezone-(name|offset)$/, rule: 'type' },
  { place: /(host|path|address|taskmanager-id|location|external[-_]path|class)$/i, rule: 'type' },
  // Java-serialized bytes are the engine's own.
  { place: /accumulator-results|serialized-user-task-accumulators|serialized-throwable|stack-trace/, rule: 'type' },
  // Values of accumulators are printed counts in both; WordCount's collects its result as bytes.
  { place: /^(vertex-|attempt-|)(subtasks-)?accumulators.*\.value$/, rule: 'type' },
  // Checkpoints come and go while it is asked; one in progress lacks these.
  { place: /^checkpoint.*history\.\d+\.(external_path|discarded)$/, rule: 'ignored' },
  { place: /^checkpoint.*(discarded|history\.\d+\.(status|is_savepoint|checkpoint_type|@class))$/, rule: 'type' },
  { place: /^checkpoint.*history\.\d+\.(latest_ack_timestamp|end_to_end_duration|state_size)$/, rule: 'type' },
  { place: /^(checkpoint|checkpoints)[\w-]* (.*\.)?id$/, rule: 'sign' },
  {
    place:
      /(time|time_?stamp|timestamps\.[A-Z]+|uploaded|last-modification|now|duration|bytes|records|size|size_?|buffered|alignment|memory|port|cores|Port|heap|count|used|free|age|ack|async|sync|min|max|avg|sum|committed|heartbeat|\.value|-\d|trigger_timestamp|completed|total|in_progress|restored|failed)$/i,
    rule: 'sign',
  },
  { place: /(memory|checkpoint_duration|state_size|alignment|hardware|garbageCollectors|backpressure)/i, rule: 'sign' },
];

export function ruleFor(place: string): Rule | undefined {
  return rules.find((rule) => rule.place.test(place))?.rule;
}

/** Flink 1.9.1 has its shuffle metrics under the wrong one of Input and Output; 1.9.2 and we have them under the right one. */
const MISPLACED = /^(\d+\.Shuffle\.Netty\.)(Output(?=\.(num|Buffers\.in))|Input(?=\.Buffers\.out))/;

/** The id under which an entry of the recording is to be found. */
export function rightId(id: string): string {
  return id.replace(
    MISPLACED,
    (_, prefix: string, group: string) => prefix + (group === 'Output' ? 'Input' : 'Output'),
  );
}
