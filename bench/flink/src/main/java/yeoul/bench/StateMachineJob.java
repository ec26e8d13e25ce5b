package yeoul.bench;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.source.legacy.RichParallelSourceFunction;
import org.apache.flink.util.Collector;

/** Keyed value state, one transition for each record; an event that the state does not accept is an alert. */
final class StateMachineJob {
    /** No state accepts this type. */
    static final int INVALID = 7;

    private StateMachineJob() {}

    static void build(StreamExecutionEnvironment env, long records, int keys) {
        env.addSource(new Events(records, keys))
                .returns(Event.class)
                .keyBy(event -> event.address)
                .flatMap(new Machine())
                .returns(Types.INT)
                .addSink(new CountingSink<Integer>() {
                    @Override
                    long summand(Integer address) {
                        return address;
                    }
                });
    }

    /** Three states; event {@code from * 2 + choice} leads on: 0 to 1|2, 1 to 2|1, 2 to 0|1. */
    static int next(int from, int choice) {
        if (from == 0) return 1 + choice;
        if (from == 1) return choice == 0 ? 2 : 1;
        return choice;
    }

    public static final class Event {
        public int address;
        public int type;

        public Event() {}

        public Event(int address, int type) {
            this.address = address;
            this.type = type;
        }
    }

    /** Each subtask walks its own share of the addresses through the machine; one event in 1,024 is an invalid one. */
    static final class Events extends RichParallelSourceFunction<Event> {
        private final long records;
        private final int keys;
        private volatile boolean running = true;

        Events(long records, int keys) {
            this.records = records;
            this.keys = keys;
        }

        @Override
        public void run(SourceContext<Event> ctx) {
            int parallelism = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
            int subtask = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
            int ownKeys = keys / parallelism;
            byte[] states = new byte[ownKeys];
            long count = records / parallelism;
            int x = Generator.seed(subtask);
            for (long i = 0; i < count && running; i++) {
                x = Generator.next(x);
                int key = (x >>> 1) % ownKeys;
                int type;
                if ((x & 1023) == 7) {
                    type = INVALID;
                } else {
                    int choice = (x >>> 20) & 1;
                    type = states[key] * 2 + choice;
                    states[key] = (byte) next(states[key], choice);
                }
                synchronized (ctx.getCheckpointLock()) {
                    ctx.collect(new Event(key * parallelism + subtask, type));
                }
            }
        }

        @Override
        public void cancel() {
            running = false;
        }
    }

    static final class Machine extends RichFlatMapFunction<Event, Integer> {
        private ValueState<Integer> state;

        @Override
        public void open(OpenContext context) {
            state = getRuntimeContext().getState(new ValueStateDescriptor<>("state", Types.INT));
        }

        @Override
        public void flatMap(Event event, Collector<Integer> out) throws Exception {
            Integer current = state.value();
            int from = current == null ? 0 : current;
            if (event.type == INVALID || event.type >> 1 != from) out.collect(event.address);
            else state.update(next(from, event.type & 1));
        }
    }
}
