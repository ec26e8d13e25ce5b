// The parts of the runtime that a harness for one operator is made of (packages/testing). Programs do not need it.
export type { OperatorMetadata, SubtaskMetadata } from '../checkpoint/checkpoint-metadata.ts';
export { crc32 } from '../checkpoint/crc32.ts';
export { assignState } from '../checkpoint/state-assignment.ts';
export type { StateFileFactory, StateFileWriter } from '../checkpoint/state-file-factory.ts';
export type { StateFileHandle, SubtaskRestore } from '../checkpoint/state-handles.ts';
export type { Clock, TimerHandle } from '../clock.ts';
export type { ChainedOperator, ExecutionConfigData } from '../graph/job-graph.ts';
export type { OperatorSpec, SourceFunctionSpec, SplitSourceSpec } from '../graph/operator-spec.ts';
export type { KeySpec, Transformation } from '../graph/transformation.ts';
export { createKeyedStateBackend, createOperatorStateBackend } from '../state/create-backends.ts';
export {
  computeKeyGroupForKeyHash,
  computeKeyGroupRange as keyGroupRangeOf,
  computeOperatorIndexForKeyGroup,
  createKeyHasher,
} from '../state/key-groups.ts';
export type { AgreedSplits } from './messages.ts';
export { createOperator } from './operators/create-operator.ts';
export type {
  CollectedResult,
  OperatorContext,
  OperatorInput,
  Output,
  SourceOperator,
  StreamOperator,
  TimestampCell,
} from './operators/stream-operator.ts';
export { OperatorRuntimeContext } from './slot/runtime-context.ts';
export type { LatencyMarker } from './stream-event.ts';
export { Mailbox } from './task/mailbox.ts';
export { SlicedWorks } from './task/sliced-works.ts';
export { type OperatorBackends, TaskOperatorContext, type TaskServices } from './task/task-operator-context.ts';
