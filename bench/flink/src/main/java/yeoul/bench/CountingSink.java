package yeoul.bench;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.sink.legacy.RichSinkFunction;

/** The sink of every benchmark: counts the results and adds up a checksum, so that engines can be held to one answer. */
abstract class CountingSink<T> extends RichSinkFunction<T> {
    static final String RESULTS = "results";
    static final String CHECKSUM = "checksum";

    private final LongCounter results = new LongCounter();
    private final LongCounter checksum = new LongCounter();

    /** What one result adds to the checksum. */
    abstract long summand(T value);

    @Override
    public void open(OpenContext context) {
        getRuntimeContext().addAccumulator(RESULTS, results);
        getRuntimeContext().addAccumulator(CHECKSUM, checksum);
    }

    @Override
    public void invoke(T value, Context context) {
        results.add(1L);
        checksum.add(summand(value));
    }
}
