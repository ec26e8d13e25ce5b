// What must stand in the output: every record once, and for every key the counts 1, 2, 3 … once each.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CountedRecord, recordAt } from './record.ts';

export interface OracleFacts {
  readonly output: string;
  readonly partitions: number;
  readonly keys: number;
  readonly recordsPerPartition: number;
}

export interface OracleReport {
  readonly records: number;
  /** Empty: everything held. At most a few of each kind. */
  readonly problems: readonly string[];
}

const MAX_SHOWN = 10;

export function checkOutput(facts: OracleFacts): OracleReport {
  const files = outputFiles(facts.output);
  const leftOver = files.filter((path) => /\/\./.test(path.slice(facts.output.length)));
  const records = files.filter((path) => !leftOver.includes(path)).flatMap(readRecords);
  const problems = [
    ...leftOver.map((path) => `left over: ${path}`),
    ...checkOnce(facts, records).slice(0, MAX_SHOWN),
    ...checkCounts(records).slice(0, MAX_SHOWN),
  ];
  return { records: records.length, problems };
}

/** The output while the job runs: what is visible must stand there once. */
export function duplicatesIn(output: string): readonly string[] {
  const visible = outputFiles(output).filter((path) => !/\/\./.test(path.slice(output.length)));
  return repeated(visible.flatMap(readRecords).map(({ partition, index }) => `${partition}/${index}`));
}

function checkOnce(
  { partitions, keys, recordsPerPartition }: OracleFacts,
  records: readonly CountedRecord[],
): string[] {
  const ids = records.map(({ partition, index }) => `${partition}/${index}`);
  const seen = new Set(ids);
  const problems = repeated(ids).map((id) => `twice: ${id}`);
  for (let partition = 0; partition < partitions; partition++) {
    for (let index = 0; index < recordsPerPartition; index++) {
      if (!seen.delete(`${partition}/${index}`)) problems.push(`missing: ${partition}/${index}`);
    }
  }
  for (const id of seen) problems.push(`unknown: ${id}`);
  for (const { partition, index, key } of records) {
    if (recordAt(partition, index, keys).key !== key) problems.push(`wrong key: ${partition}/${index} ${key}`);
  }
  return problems;
}

/** The state was exactly once, too. */
function checkCounts(records: readonly CountedRecord[]): string[] {
  const counts = new Map<string, number[]>();
  for (const { key, count } of records) {
    const own = counts.get(key);
    if (own === undefined) counts.set(key, [count]);
    else own.push(count);
  }
  return [...counts].flatMap(([key, own]) => {
    own.sort((a, b) => a - b);
    const wrong = own.findIndex((count, i) => count !== i + 1);
    return wrong === -1 ? [] : [`counts of ${key}: ${own[wrong]} where ${wrong + 1} was expected`];
  });
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}

function outputFiles(output: string): string[] {
  return readdirSync(output, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function readRecords(path: string): CountedRecord[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as CountedRecord);
}
