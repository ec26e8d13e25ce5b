package yeoul.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Runs one benchmark on Flink's in-process cluster. The process stays, so that the JVM stays warm: each line on
 * standard input runs the job once and answers with one line of JSON; end of input ends the process. With
 * {@code --repeats N} it runs N times and asks for nothing.
 */
public final class Main {

    private Main() {}

    public static void main(String[] args) throws Exception {
        BenchOptions options = BenchOptions.parse(args);
        if (options.repeats() > 0) {
            for (int run = 1; run <= options.repeats(); run++) System.out.println(runOnce(options, run));
        } else {
            var requests = new BufferedReader(new InputStreamReader(System.in));
            for (int run = 1; requests.readLine() != null; run++) System.out.println(runOnce(options, run));
        }
        System.exit(0); // Flink leaves non-daemon threads
    }

    private static String runOnce(BenchOptions options, int run) throws Exception {
        Path checkpoints = Files.createTempDirectory("flink-bench");
        try {
            StreamExecutionEnvironment env = createEnvironment(options, checkpoints);
            buildJob(env, options);
            return describe(options, run, env.execute(options.bench()));
        } finally {
            delete(checkpoints);
        }
    }

    private static StreamExecutionEnvironment createEnvironment(BenchOptions options, Path checkpoints) {
        Configuration conf = new Configuration();
        conf.setString("rest.port", "0");
        conf.setString("taskmanager.memory.network.max", "256m");
        conf.setString("execution.checkpointing.dir", checkpoints.toUri().toString());
        if (options.rocksdb()) {
            conf.setString("state.backend.type", "rocksdb");
            conf.setString("execution.checkpointing.incremental", "true");
        }
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(options.parallelism(), conf);
        env.getConfig().enableObjectReuse(); // Flink at its fastest: no copies between chained operators
        if (options.batch()) env.setRuntimeMode(RuntimeExecutionMode.BATCH);
        if (options.checkpointMs() > 0) env.enableCheckpointing(options.checkpointMs());
        return env;
    }

    private static void buildJob(StreamExecutionEnvironment env, BenchOptions options) {
        switch (options.bench()) {
            case "statemachine" -> StateMachineJob.build(env, options.records(), options.keys());
            case "windows" -> WindowsJob.buildTumbling(env, options.records(), options.keys());
            case "sliding" -> WindowsJob.buildSliding(env, options.records(), options.keys());
            case "wordcount" -> WordCountJob.build(env, options.file());
            default -> throw new IllegalArgumentException(options.bench());
        }
    }

    private static String describe(BenchOptions options, int run, JobExecutionResult result) throws IOException {
        double seconds = result.getNetRuntime() / 1000.0;
        Long counted = result.getAccumulatorResult(WordCountJob.RECORDS);
        long records = counted == null ? options.records() : counted;
        return String.format(
                Locale.ROOT,
                "{\"engine\":\"flink-%s\",\"bench\":\"%s\",\"run\":%d,\"parallelism\":%d,\"records\":%d,\"seconds\":%.3f,"
                        + "\"recordsPerSecond\":%.0f,\"results\":%d,\"checksum\":%d,\"peakMiB\":%d}",
                EnvironmentInformation.getVersion(),
                options.bench(),
                run,
                options.parallelism(),
                records,
                seconds,
                records / seconds,
                result.<Long>getAccumulatorResult(CountingSink.RESULTS),
                result.<Long>getAccumulatorResult(CountingSink.CHECKSUM),
                peakMiB());
    }

    /** Highest resident memory of this process so far, MiB; -1 where the system has no /proc. */
    private static long peakMiB() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return -1;
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
        }
        return -1;
    }

    private static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException | java.io.UncheckedIOException leftBehind) {
            // Flink may still be removing its own files; the rest is in the temp directory.
        }
    }
}
