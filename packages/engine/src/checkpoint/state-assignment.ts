// Who restores what. Pure.
//   A1. Operators are matched by operator id. State without an operator is refused by name unless allowed.
//   A2. Every key group is restored by exactly one subtask; every element of split list state by exactly one subtask; union and
//       broadcast state by all.
//   A3. A vertex all of whose subtasks had finished is restored as finished at any parallelism; at an unchanged parallelism each subtask
//       that had finished stays finished. The same holds for subtasks whose operators had finished.
import { appError } from '../errors.ts';
import type { JobGraphDescription, JobVertexDescription } from '../graph/job-graph.ts';
import { computeKeyGroupRange } from '../state/key-groups.ts';
import type { KeyGroupRange } from '../state/keyed-state-backend.ts';
import type { CheckpointMetadata, OperatorMetadata, SubtaskMetadata } from './checkpoint-metadata.ts';
import type { KeyedStateHandle, OperatorStateEntry, OperatorStateHandle, SubtaskRestore } from './state-handles.ts';

/** restores[vertexId][subtask] */
export type StateAssignment = Readonly<Record<string, readonly SubtaskRestore[]>>;

/**
 * @param metadata with the directories of its handles filled in
 * @throws STATE_WITHOUT_OWNER, MAX_PARALLELISM_CHANGED, PARALLELISM_ABOVE_SAVED_MAX, MIXED_FINISHED_STATE
 */
export function assignState(
  metadata: CheckpointMetadata,
  graph: Pick<JobGraphDescription, 'vertices'>,
  allowNonRestoredState: boolean,
): StateAssignment {
  const saved = new Map(metadata.operators.map((operator) => [operator.operatorId, operator]));
  if (!allowNonRestoredState) refuseStateWithoutOwner(metadata, graph);
  return Object.fromEntries(
    graph.vertices.map((vertex) => [vertex.id, assignVertex(metadata.checkpointId, vertex, saved)]),
  );
}

function assignVertex(
  checkpointId: number,
  vertex: JobVertexDescription,
  saved: ReadonlyMap<string, OperatorMetadata>,
): readonly SubtaskRestore[] {
  const finished = finishedSubtasksOf(vertex, saved);
  const operatorsFinished = operatorsFinishedSubtasksOf(vertex, saved);
  const shares = vertex.operators.map((described) => {
    const operator = savedStateOf(described, saved);
    if (operator === undefined) return undefined;
    checkParallelism(vertex, operator);
    return redistribute(operator, vertex.parallelism);
  });
  return Array.from({ length: vertex.parallelism }, (_, index) => ({
    checkpointId,
    ...(finished.has(index) ? { finished: true } : {}),
    ...(operatorsFinished.has(index) ? { operatorsFinished: true } : {}),
    operators: vertex.operators.map(({ operatorId }, position) => ({
      operatorId,
      keyed: shares[position]?.[index]?.keyed ?? [],
      operator: shares[position]?.[index]?.operator ?? [],
    })),
  }));
}

type OperatorIdentity = Pick<JobVertexDescription['operators'][number], 'operatorId' | 'uidHash'>;

/** A hash given by hand (setUidHash) is looked for first: it names state that was saved under another id. */
export function savedStateOf(
  { operatorId, uidHash }: OperatorIdentity,
  saved: ReadonlyMap<string, OperatorMetadata>,
): OperatorMetadata | undefined {
  return (uidHash === undefined ? undefined : saved.get(uidHash)) ?? saved.get(operatorId);
}

interface Share {
  readonly keyed: readonly KeyedStateHandle[];
  readonly operator: readonly OperatorStateHandle[];
}

/** @returns [subtask] the state of one operator at another parallelism */
function redistribute(operator: OperatorMetadata, parallelism: number): readonly Share[] {
  const operatorHandles = redistributeOperatorState(operator, parallelism);
  const keyed = operator.subtasks.flatMap((subtask) => subtask.keyed);
  return Array.from({ length: parallelism }, (_, index) => ({
    keyed:
      keyed.length === 0 ? [] : handlesOf(keyed, computeKeyGroupRange(operator.maxParallelism, parallelism, index)),
    operator: operatorHandles[index] ?? [],
  }));
}

/** Handles that hold any group of the range; the backend skips the groups outside of its own. */
function handlesOf(handles: readonly KeyedStateHandle[], range: KeyGroupRange): readonly KeyedStateHandle[] {
  return handles.filter(({ keyGroups }) => keyGroups.start <= range.end && range.start <= keyGroups.end);
}

/** @returns [subtask] */
function redistributeOperatorState(operator: OperatorMetadata, parallelism: number): readonly OperatorStateHandle[][] {
  const targets: EntryCollector[] = Array.from({ length: parallelism }, () => new EntryCollector());
  dealSplitState(operator, targets);
  for (const { handle, entry } of entriesOf(operator.subtasks, 'union')) {
    for (const target of targets) target.add(handle, entry);
  }
  dealBroadcastState(operator, targets);
  return targets.map((target) => target.handles());
}

/** Unchanged parallelism: each keeps its own. Else all elements of a state in subtask order, in contiguous runs that differ by at most one. */
function dealSplitState(operator: OperatorMetadata, targets: readonly EntryCollector[]): void {
  if (targets.length === operator.parallelism) {
    for (const subtask of operator.subtasks) {
      for (const { handle, entry } of entriesOf([subtask], 'split')) targets[subtask.index]?.add(handle, entry);
    }
    return;
  }
  for (const entries of groupByName(entriesOf(operator.subtasks, 'split')).values()) dealElements(entries, targets);
}

function dealElements(entries: readonly HandleEntry[], targets: readonly EntryCollector[]): void {
  const total = entries.reduce((sum, { entry }) => sum + entry.offsets.length, 0);
  let position = 0;
  for (const { handle, entry } of entries) {
    const runs = new Map<number, number[]>();
    for (const offset of entry.offsets) {
      // Element p of n goes to subtask floor(p * targets / n): contiguous, sizes differ by at most one.
      const target = Math.floor((position * targets.length) / total);
      const run = runs.get(target);
      if (run === undefined) runs.set(target, [offset]);
      else run.push(offset);
      position += 1;
    }
    for (const [target, offsets] of runs) targets[target]?.add(handle, { ...entry, offsets });
  }
}

/** Broadcast state is the same in all: subtask i takes the copy of former subtask i mod n. */
function dealBroadcastState(operator: OperatorMetadata, targets: readonly EntryCollector[]): void {
  const holders = operator.subtasks.filter((subtask) => entriesOf([subtask], 'broadcast').length > 0);
  if (holders.length === 0) return;
  targets.forEach((target, index) => {
    const own = holders.find((holder) => holder.index === index) ?? holders[index % holders.length];
    if (own === undefined) return;
    for (const { handle, entry } of entriesOf([own], 'broadcast')) target.add(handle, entry);
  });
}

interface HandleEntry {
  readonly handle: OperatorStateHandle;
  readonly entry: OperatorStateEntry;
}

function entriesOf(subtasks: readonly SubtaskMetadata[], mode: OperatorStateEntry['mode']): readonly HandleEntry[] {
  return subtasks.flatMap((subtask) =>
    subtask.operator.flatMap((handle) =>
      handle.entries.filter((entry) => entry.mode === mode).map((entry) => ({ handle, entry })),
    ),
  );
}

function groupByName(entries: readonly HandleEntry[]): Map<string, HandleEntry[]> {
  const groups = new Map<string, HandleEntry[]>();
  for (const item of entries) groups.set(item.entry.name, [...(groups.get(item.entry.name) ?? []), item]);
  return groups;
}

/** Gathers the entries that one subtask restores, by the handle they come from. */
class EntryCollector {
  readonly #entries = new Map<OperatorStateHandle, OperatorStateEntry[]>();

  add(handle: OperatorStateHandle, entry: OperatorStateEntry): void {
    const entries = this.#entries.get(handle);
    if (entries === undefined) this.#entries.set(handle, [entry]);
    else entries.push(entry);
  }

  handles(): OperatorStateHandle[] {
    return [...this.#entries].map(([handle, entries]) => ({ ...handle, entries }));
  }
}

function hasState(operator: OperatorMetadata): boolean {
  return operator.subtasks.some(({ keyed, operator: handles }) => keyed.length > 0 || handles.length > 0);
}

function refuseStateWithoutOwner(metadata: CheckpointMetadata, graph: Pick<JobGraphDescription, 'vertices'>): void {
  const known = new Set(
    graph.vertices.flatMap(({ operators }) => operators.flatMap(({ operatorId, uidHash }) => [operatorId, uidHash])),
  );
  const orphans = metadata.operators.filter((operator) => hasState(operator) && !known.has(operator.operatorId));
  if (orphans.length > 0) throw appError('STATE_WITHOUT_OWNER', [orphans.map(describeOperator).join('; ')]);
}

function describeOperator({ name, uid, operatorId, states }: OperatorMetadata): string {
  const stateNames = [...new Set(states.map((state) => state.name))].join(', ');
  return `operator "${name}" (uid ${uid === undefined ? 'not set' : `"${uid}"`}, id ${operatorId}, states: ${stateNames})`;
}

function checkParallelism(vertex: JobVertexDescription, operator: OperatorMetadata): void {
  if (!operator.subtasks.some(({ keyed }) => keyed.length > 0)) return;
  const saved = operator.maxParallelism;
  if (vertex.parallelism > saved)
    throw appError('PARALLELISM_ABOVE_SAVED_MAX', [vertex.parallelism, vertex.name, saved]);
  if (vertex.maxParallelism !== saved) {
    throw appError('MAX_PARALLELISM_CHANGED', [operator.name, saved, vertex.maxParallelism, saved]);
  }
}

function finishedSubtasksOf(
  vertex: JobVertexDescription,
  saved: ReadonlyMap<string, OperatorMetadata>,
): ReadonlySet<number> {
  const operators = vertex.operators.map((operator) => savedStateOf(operator, saved));
  const whole = operators.filter((operator) => operator !== undefined && isFullyFinished(operator));
  if (whole.length > 0 && whole.length < operators.length) {
    throw appError('MIXED_FINISHED_STATE', [vertex.name, whole.map((operator) => operator?.name).join(', ')]);
  }
  if (whole.length > 0) return new Set(Array.from({ length: vertex.parallelism }, (_, index) => index));
  const head = operators[0];
  return new Set(head?.parallelism === vertex.parallelism ? head.finishedSubtasks : []);
}

function operatorsFinishedSubtasksOf(
  vertex: JobVertexDescription,
  saved: ReadonlyMap<string, OperatorMetadata>,
): ReadonlySet<number> {
  const operators = vertex.operators.map(({ operatorId }) => saved.get(operatorId));
  const [head] = operators;
  // Operators that were chained otherwise begin anew.
  if (head === undefined || operators.some((operator) => operator?.vertexId !== head.vertexId)) return new Set();
  const { operatorsFinishedSubtasks = [], finishedSubtasks, parallelism } = head;
  if (parallelism === vertex.parallelism) return new Set(operatorsFinishedSubtasks);
  if (operatorsFinishedSubtasks.length + finishedSubtasks.length < parallelism) return new Set();
  return new Set(Array.from({ length: vertex.parallelism }, (_, index) => index));
}

function isFullyFinished(operator: OperatorMetadata): boolean {
  return operator.finishedSubtasks.length === operator.parallelism;
}
