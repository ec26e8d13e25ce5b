// Average temperature of each sensor per second of event time.
//   yeoul run examples/average-sensor-readings
import {
  BoundedOutOfOrdernessTimestampExtractor,
  type Collector,
  type Program,
  RichParallelSourceFunction,
  type SourceContext,
  Time,
  type TimeWindow,
  TumblingEventTimeWindows,
  type WindowFunction,
} from 'yeoul';

interface SensorReading {
  readonly id: string;
  readonly timestamp: number;
  readonly temperature: number;
}

/** Ten sensors per subtask, a reading of each every 100 ms. */
class SensorSource extends RichParallelSourceFunction<SensorReading> {
  async *run(context: SourceContext<SensorReading>): AsyncGenerator<void> {
    const subtask = this.getRuntimeContext().indexOfThisSubtask;
    const sensors = Array.from({ length: 10 }, (_, i) => ({
      id: `sensor_${subtask * 10 + i}`,
      temperature: 65 + gaussian() * 20,
    }));
    while (context.isRunning()) {
      const timestamp = Date.now();
      for (const sensor of sensors) {
        sensor.temperature += gaussian() * 0.5;
        context.collect({ id: sensor.id, timestamp, temperature: sensor.temperature });
      }
      yield;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Readings may be up to 5 seconds late. */
class SensorTimeAssigner extends BoundedOutOfOrdernessTimestampExtractor<SensorReading> {
  constructor() {
    super(Time.seconds(5));
  }

  override extractElementTimestamp(reading: SensorReading): number {
    return reading.timestamp;
  }
}

class TemperatureAverager implements WindowFunction<SensorReading, SensorReading, string, TimeWindow> {
  apply(id: string, window: TimeWindow, readings: Iterable<SensorReading>, out: Collector<SensorReading>): void {
    let sum = 0;
    let count = 0;
    for (const reading of readings) {
      sum += reading.temperature;
      count++;
    }
    out.collect({ id, timestamp: window.getEnd(), temperature: sum / count });
  }
}

export const AverageSensorReadings: Program = async (env) => {
  env.getConfig().setAutoWatermarkInterval(1000);
  const readings = env.addSource(new SensorSource()).assignTimestampsAndWatermarks(new SensorTimeAssigner());
  const average = readings
    .map((r) => ({ ...r, temperature: (r.temperature - 32) * (5 / 9) }))
    .keyBy((r) => r.id)
    .window(TumblingEventTimeWindows.of(Time.seconds(1)))
    .apply(new TemperatureAverager());
  average.print();
  await env.execute('Compute average sensor temperature');
};

export default AverageSensorReadings;

/** Box-Muller. */
function gaussian(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
