// State: keyed backends, operator state, timers, key groups.
export { canonicalKey, isPrimitiveKey } from './canonical-key.ts';
export type { KeyedStateBackendOptions } from './core-keyed-backend.ts';
export { createKeyedStateBackend, createOperatorStateBackend } from './create-backends.ts';
export {
  assignKeyToParallelOperator,
  assignToKeyGroup,
  computeDefaultMaxParallelism,
  computeKeyGroupForKeyHash,
  computeKeyGroupRange,
  computeOperatorIndexForKeyGroup,
  createKeyHasher,
  javaHashCode,
  type KeyHasher,
  MAX_PARALLELISM_LIMIT,
  murmurHash,
} from './key-groups.ts';
export type {
  KeyedSnapshotRun,
  KeyedStateBackend,
  KeyedStateOptions,
  KeyGroupRange,
  MergingState,
  Namespaced,
  StateDescription,
} from './keyed-state-backend.ts';
export type { OperatorStateBackend } from './operator-state-backend.ts';
export type { Pane, PaneState } from './pane.ts';
export type { InternalTimerService, TimerService, TimerServiceOptions } from './timer-service.ts';
