// A savepoint or checkpoint read from disk, without a server and without its program.
import type { CheckpointMetadata, OperatorMetadata, StateDescription, StateFigures } from '@yeoul/engine/runtime';

export interface SavepointSummary {
  readonly directory: string;
  readonly metadata: CheckpointMetadata;
  readonly sizeBytes: number;
  /** Files beside _metadata. */
  readonly fileCount: number;
  readonly states: readonly StateSummary[];
}

export interface StateSummary {
  readonly operator: OperatorMetadata;
  readonly state: StateDescription;
  /** Rows, or elements of operator state. */
  readonly count: number;
  /** Undefined: operator state, whose files are not divided. */
  readonly sizeBytes: number | undefined;
  /** False: some of the rows are replaced or removed by later ones. */
  readonly isExact: boolean;
}

/** @param path folder or _metadata, with or without file: */
export async function openSavepoint(path: string): Promise<SavepointSummary> {
  const { NodeDurableFiles, readMetadata, stateFilesOf, stateSizeOf } = await import('@yeoul/engine/runtime');
  const { directory, metadata } = await readMetadata(path, new NodeDurableFiles());
  const states: StateSummary[] = [];
  for (const operator of metadata.operators) states.push(...(await summariseStates(operator)));
  const paths = stateFilesOf(metadata).flatMap(({ location }) => (location.kind === 'file' ? [location.path] : []));
  return { directory, metadata, sizeBytes: stateSizeOf(metadata), fileCount: new Set(paths).size, states };
}

async function summariseStates(operator: OperatorMetadata): Promise<StateSummary[]> {
  const { measureKeyedStates } = await import('@yeoul/engine/runtime');
  const figures = await measureKeyedStates(operator.subtasks.flatMap(({ keyed }) => keyed));
  return operator.states.map((state) => summariseState(operator, state, figures.get(state.name)));
}

function summariseState(
  operator: OperatorMetadata,
  state: StateDescription,
  figures: StateFigures | undefined,
): StateSummary {
  if (!isOperatorState(state)) {
    const { rows: count, sizeBytes, isExact } = figures ?? { rows: 0, sizeBytes: 0, isExact: true };
    return { operator, state, count, sizeBytes, isExact };
  }
  const entries = operator.subtasks.flatMap((subtask) => subtask.operator.flatMap((handle) => handle.entries));
  const own = entries.filter(({ name }) => name === state.name);
  const count = own.reduce((sum, { offsets }) => sum + offsets.length, 0);
  return { operator, state, count, sizeBytes: undefined, isExact: true };
}

export function isOperatorState({ kind }: StateDescription): boolean {
  return kind === 'operator-list' || kind === 'operator-union' || kind === 'broadcast';
}

export interface ShownEntry {
  readonly subtask: number;
  readonly keyGroup?: number;
  readonly key?: unknown;
  readonly namespace?: unknown;
  readonly value: unknown;
  readonly writtenMs?: number;
}

/** The entries of one state, subtask by subtask. */
export async function* entriesOf({ operator, state }: StateSummary): AsyncGenerator<ShownEntry> {
  const { readKeyedState, readOperatorState } = await import('@yeoul/engine/runtime');
  for (const { index: subtask, keyed, operator: own } of operator.subtasks) {
    if (isOperatorState(state)) {
      for await (const { value } of readOperatorState(own, state.name)) yield { subtask, value };
    } else {
      for await (const entry of readKeyedState(keyed, state.name)) yield { subtask, ...entry };
    }
  }
}
