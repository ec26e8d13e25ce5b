import type { KeyedStateBackendOptions } from './core-keyed-backend.ts';
import { DiskKeyedStateBackend } from './disk/disk-keyed-backend.ts';
import { HeapKeyedStateBackend } from './heap/heap-keyed-backend.ts';
import type { KeyedStateBackend } from './keyed-state-backend.ts';
import { HeapOperatorStateBackend } from './operator/heap-operator-state.ts';
import type { OperatorStateBackend } from './operator-state-backend.ts';

export function createKeyedStateBackend(options: KeyedStateBackendOptions): KeyedStateBackend {
  return options.kind === 'disk' ? new DiskKeyedStateBackend(options) : new HeapKeyedStateBackend(options);
}

/** Operator state is always in memory: it is small. */
export function createOperatorStateBackend(): OperatorStateBackend {
  return new HeapOperatorStateBackend();
}
