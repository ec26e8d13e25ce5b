package yeoul.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one process measures; fixed for its life, so that every repetition is the same job on a warmer JVM.
 *
 * @param bench statemachine, windows, sliding or wordcount
 * @param records records over all subtasks (not wordcount)
 * @param keys distinct keys over all subtasks (not wordcount)
 * @param file text file of wordcount, or null
 * @param checkpointMs checkpoint interval in ms; 0 = no checkpoints
 * @param repeats repetitions to run at once; 0 = one for each line on standard input
 */
record BenchOptions(
        String bench,
        long records,
        int keys,
        String file,
        int parallelism,
        int checkpointMs,
        boolean rocksdb,
        boolean batch,
        int repeats) {

    private static final Set<String> BENCHES = Set.of("statemachine", "windows", "sliding", "wordcount");
    private static final Set<String> FLAGS = Set.of("rocksdb", "batch");
    private static final Set<String> VALUES =
            Set.of("records", "keys", "file", "parallelism", "checkpoint", "repeats");

    /** Reads {@code BENCH [--records N] [--keys N] [--file F] [--parallelism N] [--checkpoint MS] [--rocksdb] [--batch] [--repeats N]}. */
    static BenchOptions parse(String[] args) {
        if (args.length == 0 || !BENCHES.contains(args[0])) {
            throw new IllegalArgumentException("Expected one of " + BENCHES + " as the first argument");
        }
        Map<String, String> given = parseNamed(args);
        if (args[0].equals("wordcount") && !given.containsKey("file")) {
            throw new IllegalArgumentException("wordcount needs --file FILE");
        }
        return new BenchOptions(
                args[0],
                Long.parseLong(given.getOrDefault("records", "2000000")),
                Integer.parseInt(given.getOrDefault("keys", "10000")),
                given.get("file"),
                Integer.parseInt(given.getOrDefault("parallelism", "2")),
                Integer.parseInt(given.getOrDefault("checkpoint", "0")),
                given.containsKey("rocksdb"),
                given.containsKey("batch"),
                Integer.parseInt(given.getOrDefault("repeats", "0")));
    }

    private static Map<String, String> parseNamed(String[] args) {
        Map<String, String> given = new HashMap<>();
        for (int i = 1; i < args.length; i++) {
            String name = args[i].startsWith("--") ? args[i].substring(2) : "";
            if (FLAGS.contains(name)) given.put(name, "true");
            else if (VALUES.contains(name) && i + 1 < args.length) given.put(name, args[++i]);
            else throw new IllegalArgumentException("Unknown or incomplete option " + args[i]);
        }
        return given;
    }
}
