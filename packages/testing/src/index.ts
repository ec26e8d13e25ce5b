// What a job's author tests with: harnesses for operators and sources, time under control, scripted sources.
export type { CollectedResult as CollectedMessage } from '@yeoul/engine/harness';
export { FaultPlan } from './cluster/fault-plan.ts';
export { InjectedFault } from './cluster/injected-fault.ts';
export { SeededRandom } from './cluster/seeded-random.ts';
export { TestCluster, type TestClusterOptions, type TestRunOptions } from './cluster/test-cluster.ts';
export {
  type KeyedHarnessOptions,
  type KeyedTwoInputHarnessOptions,
  OneInputOperatorHarness,
  openKeyedOneInputHarness,
  openKeyedTwoInputHarness,
  TwoInputOperatorHarness,
} from './element-harnesses.ts';
export { FakeClock } from './fake-clock.ts';
export { MemoryStateFiles } from './memory-state-files.ts';
export { OperatorHarness, type OperatorHarnessOptions } from './operator-harness.ts';
export { mergeSnapshots, type OperatorSnapshot } from './operator-snapshot.ts';
export type { BuiltStream, GivenOperator, KeySelectorOfHarness } from './operator-under-test.ts';
export { RecordedMetrics } from './recorded-metrics.ts';
export type { OutputElement, SideRecord } from './recorded-output.ts';
export { barrier, crash, element, pause, processingTime, type Script, type ScriptStep, watermark } from './script.ts';
export { ScriptedSource, scriptedSource } from './scripted-source.ts';
export { SourceOperatorHarness } from './source-harness.ts';
export { VerifyMode, type VerifyOperatorOptions, verifyOperator } from './verify-operator.ts';
