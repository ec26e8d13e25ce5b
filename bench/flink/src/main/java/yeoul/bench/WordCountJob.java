package yeoul.bench;

import java.io.File;
import java.util.Locale;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.reader.TextLineInputFormat;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/** Lines of a text file, words, and a running sum for each word (in batch mode: its final count). */
final class WordCountJob {
    /** Accumulator: words seen. */
    static final String RECORDS = "records";

    private WordCountJob() {}

    static void build(StreamExecutionEnvironment env, String file) {
        FileSource<String> lines = FileSource.forRecordStreamFormat(
                        new TextLineInputFormat(), new Path(new File(file).getAbsolutePath()))
                .build();
        env.fromSource(lines, WatermarkStrategy.noWatermarks(), "lines")
                .flatMap(new Tokenizer())
                .returns(Types.TUPLE(Types.STRING, Types.INT))
                .keyBy(counted -> counted.f0)
                .sum(1)
                .addSink(new CountingSink<Tuple2<String, Integer>>() {
                    @Override
                    long summand(Tuple2<String, Integer> counted) {
                        return counted.f1;
                    }
                });
    }

    static final class Tokenizer extends RichFlatMapFunction<String, Tuple2<String, Integer>> {
        private final LongCounter records = new LongCounter();

        @Override
        public void open(OpenContext context) {
            getRuntimeContext().addAccumulator(RECORDS, records);
        }

        @Override
        public void flatMap(String line, Collector<Tuple2<String, Integer>> out) {
            for (String word : line.toLowerCase(Locale.ROOT).split("\\W+")) {
                if (word.isEmpty()) continue;
                records.add(1L);
                out.collect(new Tuple2<>(word, 1));
            }
        }
    }
}
