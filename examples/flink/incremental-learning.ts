// Skeleton of incremental learning: training data builds models window by window, and new data is judged by the latest one.
// The model is a placeholder: 0 is printed for every prediction, 1 for every new model.
//   yeoul run examples/flink/incremental-learning.ts [--output PATH]
import {
  type AllWindowFunction,
  type AssignerWithPunctuatedWatermarks,
  type Collector,
  type CoMapFunction,
  ParameterTool,
  type Program,
  type SourceContext,
  type SourceFunction,
  Time,
  TimeCharacteristic,
  type TimeWindow,
  Watermark,
} from 'yeoul';
import 'yeoul/connectors/files';

type Model = readonly number[];

export const IncrementalLearningSkeleton: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);
  env.setStreamTimeCharacteristic(TimeCharacteristic.EventTime);

  const trainingData = env.addSource(new FiniteTrainingDataSource());
  const newData = env.addSource(new FiniteNewDataSource());

  // A new model for every 5 seconds of training data.
  const model = trainingData
    .assignTimestampsAndWatermarks(new LinearTimestamp())
    .timeWindowAll(Time.milliseconds(5000))
    .apply(new PartialModelBuilder());

  const prediction = newData.connect(model).map(new Predictor());

  const output = params.get('output');
  if (output === undefined) prediction.print();
  else prediction.writeAsText(output);

  await env.execute('Streaming Incremental Learning');
};

export default IncrementalLearningSkeleton;

class FiniteNewDataSource implements SourceFunction<number> {
  async *run(context: SourceContext<number>): AsyncGenerator<void> {
    await sleep(15);
    for (let counter = 0; counter < 50; counter++) {
      await sleep(5);
      context.collect(1);
      yield;
    }
  }
}

class FiniteTrainingDataSource implements SourceFunction<number> {
  *run(context: SourceContext<number>): Generator<void> {
    for (let counter = 0; counter < 8200; counter++) {
      context.collect(1);
      yield;
    }
  }
}

/** Every record is 10 ms later than the one before. */
class LinearTimestamp implements AssignerWithPunctuatedWatermarks<number> {
  #timeMs = 0;

  extractTimestamp(): number {
    this.#timeMs += 10;
    return this.#timeMs;
  }

  checkAndGetNextWatermark(): Watermark {
    return new Watermark(this.#timeMs - 1);
  }
}

class PartialModelBuilder implements AllWindowFunction<number, Model, TimeWindow> {
  apply(_window: TimeWindow, values: readonly number[], out: Collector<Model>): void {
    out.collect(this.buildPartialModel(values));
  }

  protected buildPartialModel(_values: readonly number[]): Model {
    return [1];
  }
}

class Predictor implements CoMapFunction<number, Model, number> {
  protected batchModel: Model | undefined;
  protected partialModel: Model | undefined;

  map1(value: number): number {
    return this.predict(value);
  }

  map2(model: Model): number {
    this.partialModel = model;
    this.batchModel = this.getBatchModel();
    return 1;
  }

  /** The model that a batch job built from older data. */
  protected getBatchModel(): Model {
    return [0];
  }

  /** Of both models. */
  protected predict(_value: number): number {
    return 0;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
