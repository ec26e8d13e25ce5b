package yeoul.bench;

import java.time.Duration;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.WindowedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.source.legacy.RichParallelSourceFunction;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.api.windowing.assigners.SlidingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;

/** Average temperature of each sensor in event-time windows: tumbling, 1 s; or sliding, 10 s every 1 s. */
final class WindowsJob {
    private WindowsJob() {}

    static void buildTumbling(StreamExecutionEnvironment env, long records, int keys) {
        average(celsiusBySensor(env, records, keys).window(TumblingEventTimeWindows.of(Duration.ofSeconds(1))));
    }

    static void buildSliding(StreamExecutionEnvironment env, long records, int keys) {
        average(celsiusBySensor(env, records, keys)
                .window(SlidingEventTimeWindows.of(Duration.ofSeconds(10), Duration.ofSeconds(1))));
    }

    private static KeyedStream<Reading, String> celsiusBySensor(
            StreamExecutionEnvironment env, long records, int keys) {
        env.getConfig().setAutoWatermarkInterval(200);
        return env.addSource(new Readings(records, keys))
                .returns(Reading.class)
                .map(r -> new Reading(r.id, r.timestamp, (r.temperature - 32) * (5.0 / 9.0)))
                .returns(Reading.class)
                .keyBy(r -> r.id);
    }

    private static void average(WindowedStream<Reading, String, TimeWindow> windowed) {
        windowed.aggregate(new Average()).returns(Types.DOUBLE).addSink(new CountingSink<Double>() {
            @Override
            long summand(Double average) {
                return Math.round(average * 1000);
            }
        });
    }

    public static final class Reading {
        public String id;
        public long timestamp;
        public double temperature;

        public Reading() {}

        public Reading(String id, long timestamp, double temperature) {
            this.id = id;
            this.timestamp = timestamp;
            this.temperature = temperature;
        }
    }

    /** 100 readings for each millisecond of event time, over all subtasks; a watermark every 10 ms of event time. */
    static final class Readings extends RichParallelSourceFunction<Reading> {
        private final long records;
        private final int keys;
        private volatile boolean running = true;

        Readings(long records, int keys) {
            this.records = records;
            this.keys = keys;
        }

        @Override
        public void run(SourceContext<Reading> ctx) {
            int parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
            int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
            String[] ids = sensorIds(keys / parallelism, parallelism, subtask);
            long count = records / parallelism;
            long lastWatermarkMs = 0;
            int x = Generator.seed(subtask);
            for (long i = 0; i < count && running; i++) {
                x = Generator.next(x);
                long timeMs = i * parallelism / 100;
                double fahrenheit = 65 + ((x >>> 8) & 1023) / 32.0;
                synchronized (ctx.getCheckpointLock()) {
                    ctx.collectWithTimestamp(new Reading(ids[(x >>> 1) % ids.length], timeMs, fahrenheit), timeMs);
                    if (timeMs >= lastWatermarkMs + 10) {
                        ctx.emitWatermark(new Watermark(timeMs - 1));
                        lastWatermarkMs = timeMs;
                    }
                }
            }
        }

        private static String[] sensorIds(int count, int parallelism, int subtask) {
            String[] ids = new String[count];
            for (int i = 0; i < count; i++) ids[i] = "sensor_" + (i * parallelism + subtask);
            return ids;
        }

        @Override
        public void cancel() {
            running = false;
        }
    }

    public static final class Sum {
        public double sum;
        public long count;
    }

    static final class Average implements AggregateFunction<Reading, Sum, Double> {
        @Override
        public Sum createAccumulator() {
            return new Sum();
        }

        @Override
        public Sum add(Reading reading, Sum sum) {
            sum.sum += reading.temperature;
            sum.count++;
            return sum;
        }

        @Override
        public Double getResult(Sum sum) {
            return sum.sum / sum.count;
        }

        @Override
        public Sum merge(Sum into, Sum from) {
            into.sum += from.sum;
            into.count += from.count;
            return into;
        }
    }
}
