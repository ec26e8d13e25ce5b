// Top speed of each car over the last 10 seconds, every 50 metres: a global window with a delta trigger and a time evictor.
//   yeoul run examples/flink/top-speed-windowing.ts [--input PATH] [--output PATH]
import {
  AscendingTimestampExtractor,
  DeltaTrigger,
  GlobalWindows,
  type MapFunction,
  ParameterTool,
  type Program,
  type SourceContext,
  type SourceFunction,
  Time,
  TimeCharacteristic,
  TimeEvictor,
  TimeUnit,
} from 'yeoul';
import 'yeoul/connectors/files';

/** Speed in km/h, distance since the start in metres, time in epoch ms. */
export type CarEvent = [car: number, speed: number, distance: number, timestampMs: number];

const EVICTION_SECONDS = 10;
const TRIGGER_METRES = 50;

export const TopSpeedWindowing: Program = async (env, args) => {
  const params = ParameterTool.fromArgs(args);
  env.setStreamTimeCharacteristic(TimeCharacteristic.EventTime);
  env.getConfig().setGlobalJobParameters(params);

  const input = params.get('input');
  const carData =
    input === undefined ? env.addSource(CarSource.create(2)) : env.readTextFile(input).map(new ParseCarData());

  const topSpeeds = carData
    .assignTimestampsAndWatermarks(new CarTimestamp())
    .keyBy(0)
    .window(GlobalWindows.create())
    .evictor(TimeEvictor.of(Time.of(EVICTION_SECONDS, TimeUnit.Seconds)))
    .trigger(DeltaTrigger.of(TRIGGER_METRES, (oldPoint, newPoint) => newPoint[2] - oldPoint[2], carData.getType()))
    .maxBy(1);

  const output = params.get('output');
  if (output === undefined) topSpeeds.print();
  else topSpeeds.writeAsText(output);

  await env.execute('CarTopSpeedWindowingExample');
};

export default TopSpeedWindowing;

/** Cars that speed up or slow down a little ten times a second. */
class CarSource implements SourceFunction<CarEvent> {
  readonly #speeds: number[];
  readonly #distances: number[];

  private constructor(numberOfCars: number) {
    this.#speeds = new Array<number>(numberOfCars).fill(50);
    this.#distances = new Array<number>(numberOfCars).fill(0);
  }

  static create(numberOfCars: number): CarSource {
    return new CarSource(numberOfCars);
  }

  async *run(context: SourceContext<CarEvent>): AsyncGenerator<void> {
    while (context.isRunning()) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      for (const car of this.#speeds.keys()) context.collect(this.#drive(car));
      yield;
    }
  }

  #drive(car: number): CarEvent {
    const change = Math.random() < 0.5 ? 5 : -5;
    const speed = Math.min(100, Math.max(0, (this.#speeds[car] ?? 0) + change));
    const distance = (this.#distances[car] ?? 0) + speed / 3.6;
    this.#speeds[car] = speed;
    this.#distances[car] = distance;
    return [car, speed, distance, Date.now()];
  }
}

/** Reads "(car,speed,distance,timestamp)", whatever the brackets. */
class ParseCarData implements MapFunction<string, CarEvent> {
  map(line: string): CarEvent {
    return line.slice(1, -1).split(',').map(Number) as CarEvent;
  }
}

class CarTimestamp extends AscendingTimestampExtractor<CarEvent> {
  override extractAscendingTimestamp(event: CarEvent): number {
    return event[3];
  }
}
