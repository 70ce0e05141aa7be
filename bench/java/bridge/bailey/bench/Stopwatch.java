package bridge.bailey.bench;

/** Runs from its making on. */
final class Stopwatch {

    private final long start = System.nanoTime();

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    double millis() {
        return (System.nanoTime() - start) / 1e6;
    }
}
