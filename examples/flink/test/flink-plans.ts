// Vertices of the streaming examples of Apache Flink 1.9.1, as its JobManager answered /jars/:id/plan for each of them: id and chained
// names. Three parts are ours: TriggerWindow has no state descriptor (its text holds an object's address) and names the operation instead of
// a line of Java, and functions without a name are called by their interface alone ("ReduceFunction" for "ReduceFunction$1").

export interface FlinkPlan {
  readonly parallelism: number;
  /** "id name", any order. */
  readonly vertices: readonly string[];
}

const KEYED_SUM = '90bea66de1c231edf33913ecd54406c1 Keyed Aggregation -> Sink: Print to Std. Out';
const TOKENIZED = 'cbc357ccb763df2852fee8c4fc7d55f2 Source: Collection Source -> Flat Map';
const CUSTOM_SOURCE = 'bc764cd8ddf7a0cff126f51c16239658 Source: Custom Source';
const TIMED_SOURCE = 'cbc357ccb763df2852fee8c4fc7d55f2 Source: Custom Source -> Timestamps/Watermarks';
const SESSIONS = 'Window(EventTimeSessionWindows(3), EventTimeTrigger, SumAggregator, PassThroughWindowFunction)';
const SLIDES =
  'Window(SlidingProcessingTimeWindows(2500, 500), ProcessingTimeTrigger, SummingReducer, PassThroughWindowFunction)';
const COUNTS = 'Window(GlobalWindows(), CountTrigger, CountEvictor, SumAggregator, PassThroughWindowFunction)';
const TOP_SPEEDS =
  'Window(GlobalWindows(), DeltaTrigger, TimeEvictor, ComparableAggregator, PassThroughWindowFunction)';
const SOCKET_COUNTS =
  'Window(TumblingProcessingTimeWindows(5000), ProcessingTimeTrigger, ReduceFunction, PassThroughWindowFunction)';
const MODELS = 'TriggerWindow(TumblingEventTimeWindows(5000), EventTimeTrigger(), AllWindowedStream.apply)';

const INCREMENTAL_LEARNING = [
  '051e70894f00dbf90d162d06f6837ce7 Co-Map -> Sink: Print to Std. Out',
  `aca1a4ffefd80bc213199e27f9a2cf21 ${MODELS}`,
  TIMED_SOURCE,
  'feca28aff5a3958840bee985ee7de4d3 Source: Custom Source',
];

export const flinkPlans = {
  wordCount: { parallelism: 1, vertices: [KEYED_SUM, TOKENIZED] },
  pojo: { parallelism: 1, vertices: [KEYED_SUM, TOKENIZED] },
  twitter: { parallelism: 1, vertices: [KEYED_SUM, TOKENIZED] },
  windowWordCount: {
    parallelism: 1,
    vertices: [`90bea66de1c231edf33913ecd54406c1 ${COUNTS} -> Sink: Print to Std. Out`, TOKENIZED],
  },
  socketWindowWordCount: {
    parallelism: 1,
    vertices: [
      `90bea66de1c231edf33913ecd54406c1 ${SOCKET_COUNTS} -> Sink: Print to Std. Out`,
      'cbc357ccb763df2852fee8c4fc7d55f2 Source: Socket Stream -> Flat Map',
    ],
  },
  socketWindowWordCountInTwo: {
    parallelism: 2,
    vertices: [
      '6d2677a0ecc3fd8df0b72ec675edf8f4 Sink: Print to Std. Out',
      `ea632d67b7d595e5b851708ae9ad79d6 ${SOCKET_COUNTS}`,
      '0a448493b4782967b150582570326227 Flat Map',
      'bc764cd8ddf7a0cff126f51c16239658 Source: Socket Stream',
    ],
  },
  sessionWindowing: {
    parallelism: 1,
    vertices: [`20ba6b65f97481d5570070de90e4e791 ${SESSIONS} -> Sink: Print to Std. Out`, CUSTOM_SOURCE],
  },
  groupedProcessingTimeWindow: {
    parallelism: 1,
    vertices: [`20ba6b65f97481d5570070de90e4e791 ${SLIDES} -> Sink: Unnamed`, CUSTOM_SOURCE],
  },
  topSpeedWindowing: {
    parallelism: 2,
    vertices: [`90bea66de1c231edf33913ecd54406c1 ${TOP_SPEEDS} -> Sink: Print to Std. Out`, TIMED_SOURCE],
  },
  incrementalLearning: { parallelism: 1, vertices: INCREMENTAL_LEARNING },
  incrementalLearningInTwo: { parallelism: 2, vertices: INCREMENTAL_LEARNING },
  asyncIo: {
    parallelism: 1,
    vertices: [
      'b5c8d46f3e7b141acf271f12622e752b Keyed Aggregation -> Sink: Print to Std. Out',
      '20ba6b65f97481d5570070de90e4e791 async wait operator -> Flat Map',
      CUSTOM_SOURCE,
    ],
  },
  stateMachine: {
    parallelism: 1,
    vertices: ['20ba6b65f97481d5570070de90e4e791 Flat Map -> Sink: Print to Std. Out', CUSTOM_SOURCE],
  },
  sideOutput: {
    parallelism: 2,
    vertices: [
      '55ef7d9b3dd6a898c62637bdfbb16eda Window(TumblingEventTimeWindows(5000), EventTimeTrigger, SumAggregator, PassThroughWindowFunction) -> Sink: Print to Std. Out',
      '20ba6b65f97481d5570070de90e4e791 Process -> Map -> Sink: Print to Std. Out',
      'bc764cd8ddf7a0cff126f51c16239658 Source: Collection Source',
    ],
  },
  // The original splits the stream by an OutputSelector, which Flink took out for side outputs: its "Map" is a "Process" here.
  iteration: {
    parallelism: 1,
    vertices: [
      'f1c3570a1bf2b7b24d67f9da34bf0244 IterationSink-3',
      '4150b807e25f98bebfeb73f2fab67d53 Process -> Map -> Sink: Print to Std. Out',
      'bc764cd8ddf7a0cff126f51c16239658 IterationSource-3',
      '6cdc5bb954874d922eaee11a8e7b5dd5 Source: Custom Source -> Map',
    ],
  },
  iterationInTwo: {
    parallelism: 2,
    vertices: [
      '7b7d700c1e868f803bb721b9d459e762 IterationSink-3',
      'cbee9f01e72ba08cc93bab911a509875 Process -> Map -> Sink: Print to Std. Out',
      'bc764cd8ddf7a0cff126f51c16239658 IterationSource-3',
      '1eed815bf60e290a49bfc12a77e2ff22 Map',
      'feca28aff5a3958840bee985ee7de4d3 Source: Custom Source',
    ],
  },
  windowJoin: {
    parallelism: 1,
    vertices: [
      '8b481b930a189b6b1762a9d95a61ada1 Window(TumblingEventTimeWindows(2000), EventTimeTrigger, CoGroupWindowFunction) -> Sink: Print to Std. Out',
      'cbc357ccb763df2852fee8c4fc7d55f2 Source: Collection Source -> Map',
      '6cdc5bb954874d922eaee11a8e7b5dd5 Source: Collection Source -> Map',
    ],
  },
  windowJoinInTwo: {
    parallelism: 2,
    vertices: [
      '17e79f7e136f9548649fb1b735f40eae Sink: Print to Std. Out',
      '8caa74d72eded9040bd70df9a5ccc913 Window(TumblingEventTimeWindows(2000), EventTimeTrigger, CoGroupWindowFunction)',
      '6cdc5bb954874d922eaee11a8e7b5dd5 Source: Collection Source -> Map',
      'cbc357ccb763df2852fee8c4fc7d55f2 Source: Collection Source -> Map',
    ],
  },
} as const satisfies Record<string, FlinkPlan>;
