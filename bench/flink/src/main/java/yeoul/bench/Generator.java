package yeoul.bench;

/** 32-bit xorshift, one sequence for each source subtask; the same in every engine's programs. */
final class Generator {
    private Generator() {}

    /** First state of a subtask's sequence. */
    static int seed(int subtask) {
        return 0x9E3779B9 ^ (subtask + 1) * 0x85EBCA6B;
    }

    static int next(int x) {
        x ^= x << 13;
        x ^= x >>> 17;
        x ^= x << 5;
        return x;
    }
}
