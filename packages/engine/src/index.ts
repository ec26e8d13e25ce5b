/**
 * The stream engine: what programs import. Assembling an engine (clusters, slots, drivers) is in `@yeoul/engine/runtime`.
 */
export {
  type Accumulator,
  type Average,
  AverageAccumulator,
  DoubleCounter,
  DoubleMaximum,
  DoubleMinimum,
  HistogramAccumulator,
  IntCounter,
  IntMaximum,
  IntMinimum,
  ListAccumulator,
  LongCounter,
  LongMaximum,
  LongMinimum,
} from './api/accumulators.ts';
export type { AsyncFunction, ResultFuture } from './api/async-function.ts';
export type { AggregateDataSet } from './api/batch/aggregate-data-set.ts';
export { Aggregations } from './api/batch/aggregations.ts';
export { DataSet, Order } from './api/batch/data-set.ts';
export type { DataSink } from './api/batch/data-sink.ts';
export { ExecutionEnvironment } from './api/batch/execution-environment.ts';
export type {
  GroupCombineFunction,
  GroupCombineLike,
  GroupReduceFunction,
  GroupReduceLike,
  MapPartitionFunction,
  MapPartitionLike,
} from './api/batch/group-functions.ts';
export type { SortedGrouping, UnsortedGrouping } from './api/batch/grouping.ts';
export type { JoinDataSet, JoinOperatorSets, JoinPredicate } from './api/batch/join.ts';
export { DiscardingOutputFormat, type OutputFormat } from './api/batch/output-format.ts';
export { CheckpointConfig, CheckpointingMode, ExternalizedCheckpointCleanup } from './api/checkpoint-config.ts';
export {
  type ConnectorHooks,
  installConnectorHooks,
  type ReadTextOptions,
  type SocketTextOptions,
  type TextSinkOptions,
} from './api/connector-hooks.ts';
export { DataGeneratorSource, RateLimiterStrategy } from './api/data-generator-source.ts';
export {
  RuntimeExecutionMode,
  type SourceLike,
  type SourceOptions,
  StreamExecutionEnvironment,
  TimeCharacteristic,
} from './api/environment.ts';
export { ExecutionConfig, type GlobalJobParameters } from './api/execution-config.ts';
export { formatRecord } from './api/format-record.ts';
export {
  type CheckpointedFunction,
  type CheckpointListener,
  type Collector,
  type FunctionInitializationContext,
  type FunctionSnapshotContext,
  type KeySelector,
  RichFunction,
  type RichFunctionLifecycle,
  type RuntimeContext,
} from './api/functions.ts';
export type { GeneratorFactory } from './api/generator-source.ts';
export { InterruptedSplits } from './api/interrupted-splits.ts';
export { JobClient } from './api/job-client.ts';
export { JobExecutionResult } from './api/job-execution-result.ts';
export type { Counter, Gauge, Histogram, HistogramStatistics, Meter, MetricGroup } from './api/metrics.ts';
export { OutputTag } from './api/output-tag.ts';
export { ParameterTool } from './api/parameter-tool.ts';
export type {
  BroadcastContext,
  BroadcastOnTimerContext,
  IntervalJoinContext,
  KeyedBroadcastContext,
  KeyedProcessContext,
  KeyedReadOnlyBroadcastContext,
  KeyedStateStore,
  OnTimerContext,
  ProcessContext,
  ReadOnlyBroadcastContext,
  SideOutputContext,
  SinkContext,
  StateOf,
  WindowContext,
} from './api/process-context.ts';
export {
  BroadcastProcessFunction,
  CoProcessFunction,
  KeyedBroadcastProcessFunction,
  KeyedCoProcessFunction,
  KeyedProcessFunction,
  type KeyedProcessLike,
  ProcessFunction,
  ProcessJoinFunction,
  type ProcessJoinLike,
  type ProcessLike,
} from './api/process-functions.ts';
export type { Program } from './api/program.ts';
export { type ExponentialDelayOptions, RestartStrategies } from './api/restart-strategies.ts';
export {
  DiscardingSink,
  RichAsyncFunction,
  RichCoFlatMapFunction,
  RichCoGroupFunction,
  RichCoMapFunction,
  RichFilterFunction,
  RichFlatJoinFunction,
  RichFlatMapFunction,
  RichJoinFunction,
  RichMapFunction,
  RichParallelSourceFunction,
  RichReduceFunction,
  RichSinkFunction,
  RichSourceFunction,
} from './api/rich-functions.ts';
export {
  Boundedness,
  type ReaderOutput,
  type Source,
  type SourceContext,
  type SourceFunction,
  type SourceOutput,
  type SourceReader,
  type SourceReaderContext,
  type SourceRun,
  type SplitEnumeratorContext,
  type SplitOutputOptions,
} from './api/source.ts';
export {
  type AggregateFunction,
  type AggregatingState,
  AggregatingStateDescriptor,
  type BroadcastState,
  type ListState,
  ListStateDescriptor,
  type MapState,
  MapStateDescriptor,
  type OperatorStateStore,
  type ReadOnlyBroadcastState,
  type ReducingState,
  ReducingStateDescriptor,
  StateTtlConfig,
  StateTtlConfigBuilder,
  StateTtlUpdateType,
  StateVisibility,
  type ValueState,
  ValueStateDescriptor,
} from './api/state.ts';
export { AllWindowedStream } from './api/streams/all-windowed-stream.ts';
export { AsyncDataStream, type AsyncLike } from './api/streams/async-data-stream.ts';
export { BroadcastConnectedStream, BroadcastStream } from './api/streams/broadcast-streams.ts';
export { ConnectedStreams } from './api/streams/connected-streams.ts';
export { DataStream, type FieldOf, SingleOutputStreamOperator } from './api/streams/data-stream.ts';
export { DataStreamSink } from './api/streams/data-stream-sink.ts';
export { IterativeStream } from './api/streams/iterative-stream.ts';
export { CoGroupedStreams, JoinedStreams, type TaggedUnion } from './api/streams/joined-streams.ts';
export { KeyedStream } from './api/streams/keyed-stream.ts';
export { WindowedStream } from './api/streams/windowed-stream.ts';
export { Duration, Time, type TimeLike, TimeUnit } from './api/time.ts';
export { TimeDomain, type TimerService } from './api/timer-service.ts';
export { TwoPhaseCommitSinkFunction } from './api/two-phase-commit-sink.ts';
export { type TypeInformation, type TypeOf, Types } from './api/type-information.ts';
export type {
  CoFlatMapFunction,
  CoGroupFunction,
  CoGroupLike,
  CoMapFunction,
  FilterFunction,
  FilterLike,
  FlatJoinFunction,
  FlatMapFunction,
  FlatMapLike,
  JoinFunction,
  KeySelectorLike,
  KeySelectorObject,
  MapFunction,
  MapLike,
  PartitionerLike,
  PartitionerObject,
  ReduceFunction,
  ReduceLike,
  SinkFunction,
  SinkLike,
} from './api/user-functions.ts';
export {
  type TimestampAssigner,
  Watermark,
  type WatermarkAlignment,
  type WatermarkGenerator,
  type WatermarkLike,
  type WatermarkOutput,
  type WatermarkSpec,
} from './api/watermark.ts';
export {
  AscendingTimestampExtractor,
  AscendingTimestampsWatermarks,
  type AssignerWithPeriodicWatermarks,
  type AssignerWithPunctuatedWatermarks,
  BoundedOutOfOrdernessTimestampExtractor,
  BoundedOutOfOrdernessWatermarks,
  type WatermarkAssigner,
  WatermarkStrategy,
} from './api/watermark-strategy.ts';
export {
  type AllWindowFunction,
  ProcessAllWindowFunction,
  ProcessWindowFunction,
  RichAllWindowFunction,
  RichWindowFunction,
  type WindowFunction,
} from './api/window-functions.ts';
export { ContinuousEventTimeTrigger, ContinuousProcessingTimeTrigger } from './api/windows/continuous-triggers.ts';
export { CountTrigger } from './api/windows/count-trigger.ts';
export { type DeltaFunction, DeltaTrigger } from './api/windows/delta-trigger.ts';
export type { Evictor, EvictorContext, TimestampedValue } from './api/windows/evictor.ts';
export { CountEvictor, DeltaEvictor, TimeEvictor } from './api/windows/evictors.ts';
export { GlobalWindows } from './api/windows/global-windows.ts';
export { NeverTrigger } from './api/windows/never-trigger.ts';
export { PurgingTrigger } from './api/windows/purging-trigger.ts';
export {
  DynamicEventTimeSessionWindows,
  DynamicProcessingTimeSessionWindows,
  EventTimeSessionWindows,
  ProcessingTimeSessionWindows,
  type SessionGapExtractor,
} from './api/windows/session-windows.ts';
export { SlidingEventTimeWindows, SlidingProcessingTimeWindows } from './api/windows/sliding-windows.ts';
export { EventTimeTrigger, ProcessingTimeTrigger } from './api/windows/time-triggers.ts';
export { type OnMergeContext, type Trigger, type TriggerContext, TriggerResult } from './api/windows/trigger.ts';
export { TumblingEventTimeWindows, TumblingProcessingTimeWindows } from './api/windows/tumbling-windows.ts';
export { GlobalWindow, TimeWindow, type Window } from './api/windows/window.ts';
export type { WindowAssigner, WindowAssignerContext, WindowCodec } from './api/windows/window-assigner.ts';
export { AppError, appError, catalog, type ErrorCode } from './errors.ts';
