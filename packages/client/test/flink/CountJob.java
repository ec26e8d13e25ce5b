// The job of the tests against real Flink clusters; scripts/flink-cluster.mjs compiles it for each version. One source for all of them:
// SourceFunction is in another package from 2.0 on.
package yeoul;

import org.apache.flink.api.common.accumulators.IntCounter;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.source.SourceFunction;

/** Counts by key. Arguments: endless, finish, fail or throw; whatever follows stands in the job's name. */
public class CountJob {
  public static void main(String[] args) throws Exception {
    if (args[0].equals("throw")) throw new IllegalStateException("the program says no");
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.enableCheckpointing(500);
    env.addSource(new Numbers(args[0]))
        .uid("numbers")
        .keyBy(
            new KeySelector<Long, Long>() {
              @Override
              public Long getKey(Long value) {
                return value % 10;
              }
            })
        .map(new Count())
        .uid("count")
        .print();
    env.execute(String.join("|", args));
  }

  private static class Numbers implements SourceFunction<Long> {
    private final String mode;
    private volatile boolean isRunning = true;

    Numbers(String mode) {
      this.mode = mode;
    }

    @Override
    public void run(SourceContext<Long> context) throws Exception {
      for (long next = 0; isRunning; next++) {
        if (mode.equals("finish") && next == 20) return;
        if (mode.equals("fail") && next == 20) throw new IllegalStateException("number 20 is too much");
        synchronized (context.getCheckpointLock()) {
          context.collect(next);
        }
        Thread.sleep(10);
      }
    }

    @Override
    public void cancel() {
      isRunning = false;
    }
  }

  private static class Count extends RichMapFunction<Long, String> {
    private transient IntCounter seen;

    @Override
    public String map(Long value) throws Exception {
      if (seen == null) getRuntimeContext().addAccumulator("seen", seen = new IntCounter());
      seen.add(1);
      ValueState<Long> count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Long.class));
      count.update(count.value() == null ? 1 : count.value() + 1);
      return value % 10 + ": " + count.value();
    }
  }
}
