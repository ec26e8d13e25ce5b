// Handles: where the pieces of a checkpoint are. Plain data: they cross threads and stand in _metadata.
import type { KeyGroupRange, StateDescription } from '../state/keyed-state-backend.ts';

/** A piece of state: a file (path relative to the checkpoint's directory, or to the job's shared directory), or bytes in _metadata itself. */
export type StateLocation =
  | { readonly kind: 'file'; readonly scope: 'exclusive' | 'shared'; readonly path: string }
  | { readonly kind: 'inline'; readonly bytes: Uint8Array };

export interface StateFileHandle {
  readonly location: StateLocation;
  readonly sizeBytes: number;
  /** crc32 of the whole content; checked before anything is restored from it. */
  readonly crc32: number;
}

/** Absolute paths that the scopes of StateLocation are under. */
export interface StateDirectories {
  readonly exclusive: string;
  readonly shared: string;
}

export interface KeyedStateHandle {
  readonly backend: 'heap' | 'disk';
  readonly keyGroups: KeyGroupRange;
  /** One file for a full snapshot; base first, then deltas in order, for an incremental one. */
  readonly files: readonly StateFileHandle[];
  readonly incremental: boolean;
  readonly states: readonly StateDescription[];
  /** Absolute directories that 'exclusive' and 'shared' paths are under; filled in by the reader of _metadata, absent in it. */
  readonly directories?: StateDirectories | undefined;
}

export interface OperatorStateEntry {
  readonly name: string;
  readonly mode: 'split' | 'union' | 'broadcast';
  /** Byte offset of each element in the file. Broadcast: one offset. */
  readonly offsets: readonly number[];
}

export interface OperatorStateHandle {
  readonly file: StateFileHandle;
  readonly entries: readonly OperatorStateEntry[];
  readonly states: readonly StateDescription[];
  readonly directories?: StateDirectories | undefined;
}

/** State of one operator in one subtask. */
export interface OperatorSubtaskState {
  readonly operatorId: string;
  readonly keyed: readonly KeyedStateHandle[];
  readonly operator: readonly OperatorStateHandle[];
}

/** State of one subtask: what it acknowledges. */
export interface SubtaskState {
  readonly operators: readonly OperatorSubtaskState[];
  /** Its input had ended and its operators had finished: what they emitted at the end is in this checkpoint. */
  readonly operatorsFinished?: true | undefined;
}

/** What one subtask starts from, after redistribution. */
export interface SubtaskRestore {
  readonly checkpointId: number;
  /** It had finished before the checkpoint: its functions do not run again; it sends the last watermark and END and reports FINISHED. */
  readonly finished?: boolean | undefined;
  /** Its operators had finished, but it waited for the checkpoint: they are opened with their state and not finished again. */
  readonly operatorsFinished?: boolean | undefined;
  readonly operators: readonly OperatorSubtaskState[];
}

export interface CheckpointMetrics {
  /** Milliseconds with fractions. */
  readonly syncMs: number;
  readonly asyncMs: number;
  readonly alignmentMs: number;
  readonly startDelayMs: number;
  readonly processedBytes: number;
  readonly stateBytes: number;
}
