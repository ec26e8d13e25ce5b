// What assembles and tests an engine: clusters, launchers, drivers, tasks, views. For entry files, servers, the harness and
// embedders; programs do not need it.

export type { JobRequest } from '../api/program-context.ts';
export {
  type CheckpointMetadata,
  type OperatorMetadata,
  type SubtaskMetadata,
  stateFilesOf,
  stateSizeOf,
} from '../checkpoint/checkpoint-metadata.ts';
export { crc32 } from '../checkpoint/crc32.ts';
export { type DurableFiles, type FileChecksum, type FileEntry, NodeDurableFiles } from '../checkpoint/durable-files.ts';
export { readMetadata, type StoredCheckpoint } from '../checkpoint/metadata-reader.ts';
export { type NumberSummary, percentilesOf, summarizeNumbers } from '../checkpoint/number-summary.ts';
export { toLocalPath, toStateDirectory } from '../checkpoint/savepoint-path.ts';
export { assignState } from '../checkpoint/state-assignment.ts';
export type { StateFileFactory, StateFileWriter } from '../checkpoint/state-file-factory.ts';
export type {
  CheckpointMetrics,
  KeyedStateHandle,
  OperatorStateHandle,
  OperatorSubtaskState,
  StateFileHandle,
  SubtaskRestore,
  SubtaskState,
} from '../checkpoint/state-handles.ts';
export type { Clock, TimerHandle } from '../clock.ts';
export { describeJobGraph } from '../graph/describe-job-graph.ts';
export type { ChainedOperator, ExecutionConfigData, JobGraph, JobGraphDescription } from '../graph/job-graph.ts';
export type { OperatorSpec } from '../graph/operator-spec.ts';
export type { KeySpec, Transformation } from '../graph/transformation.ts';
export { SlotMetricGroup } from '../metrics/metric-group.ts';
export { computeKeyGroupRange, createKeyedStateBackend, createOperatorStateBackend } from '../state/index.ts';
export type { KeyedStateBackend, StateDescription } from '../state/keyed-state-backend.ts';
export {
  type KeyedStateEntry,
  measureKeyedStates,
  type OperatorStateElement,
  readKeyedState,
  readOperatorState,
  type StateFigures,
} from '../state/read-state.ts';
export { createRing } from './channels/ring-layout.ts';
export { toClusterSettings, toProgramDefaults } from './configuration/cluster-settings.ts';
export {
  booleanOption,
  type ConfigOption,
  choiceOption,
  directoryOption,
  durationOption,
  integerOption,
  memoryOption,
  textOption,
} from './configuration/config-option.ts';
export { Configuration } from './configuration/configuration.ts';
export { engineOptionSections, engineOptions, type OptionSection } from './configuration/engine-options.ts';
export { nearestText } from './configuration/nearest-text.ts';
export { describeWanted, formatOptionValue } from './configuration/read-option.ts';
export { HIDDEN_VALUE, isSecretKey } from './configuration/secret-keys.ts';
export type { OutputEvent } from './coordinator/cluster-events.ts';
export type { RandomSource } from './coordinator/ids.ts';
export {
  LocalCluster,
  type SlotThread,
  type SubmitJobOptions,
  type SubmitOptions,
} from './coordinator/local-cluster.ts';
export type { ClusterLogger, LocalClusterOptions, ProgramDriver } from './coordinator/local-cluster-options.ts';
export type { ProgramExecution } from './coordinator/program-execution.ts';
export { systemProcessTable } from './coordinator/system-process-table.ts';
export type * from './coordinator/views.ts';
export type { SamplingOptions } from './diagnostics/cpu-samples.ts';
export { formatFrame, type StackFrame } from './diagnostics/stack-frame.ts';
export type { TaskSample } from './diagnostics/task-samples.ts';
export { type JobSamples, ThreadInspector, type ThreadView } from './diagnostics/thread-inspector.ts';
export type * from './messages.ts';
export { createOperator } from './operators/create-operator.ts';
export type {
  OperatorContext,
  Output,
  SourceOperator,
  StreamOperator,
  TimestampCell,
} from './operators/stream-operator.ts';
export { bundleProgram } from './program/bundle-program.ts';
export type { ProgramEntry } from './program/driver-protocol.ts';
export { captureGraph, runEntry } from './program/evaluate-program.ts';
export type { EngineModules } from './program/load-program.ts';
export { ValueQueue } from './program/value-queue.ts';
export { WorkerProgramDriver } from './program/worker-program-driver.ts';
export { OperatorRuntimeContext } from './slot/runtime-context.ts';
export { WorkerSlotLauncher } from './slot/worker-launcher.ts';
export type { LatencyMarker, StreamEvent } from './stream-event.ts';
export {
  type ClusterSettings,
  EmbeddedEngine,
  type EmbeddedEngineOptions,
  type RunProgramOptions,
} from './system/embedded-engine.ts';
export {
  type InProcessLauncherOptions,
  type InProcessSlot,
  InProcessSlotLauncher,
} from './system/in-process-launcher.ts';
export { startDriverWorker } from './system/start-driver-worker.ts';
export { startSlotWorker } from './system/start-slot-worker.ts';
export { SystemClock } from './system/system-clock.ts';
export { systemRandom } from './system/system-random.ts';
export { Mailbox } from './task/mailbox.ts';
export { SlicedWorks } from './task/sliced-works.ts';
export { type OperatorBackends, TaskOperatorContext, type TaskServices } from './task/task-operator-context.ts';
