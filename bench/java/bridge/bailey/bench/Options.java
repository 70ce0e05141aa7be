package bridge.bailey.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is measured, and how often.
 *
 * @param runs how many values each median is of
 * @param flips changes of readiness in a run
 * @param settle how long the daemon is left alone before its idleness is measured
 * @param parts those of {@link #ALL} to run
 */
record Options(int runs, int instances, int flips, Duration idle, Duration settle, List<String> parts) {

    static final String SYNC = "sync";
    static final String FLIP = "flip";
    static final String IDLE = "idle";
    static final String PROBE = "probe";
    static final String EC2 = "ec2";
    static final String DEATH = "death";
    static final String VIEW = "view";
    static final String BOARD = "board";
    static final String LOAD = "load";
    static final String START = "start";

    private static final String ALL = SYNC + "," + FLIP + "," + IDLE + "," + PROBE + "," + EC2 + "," + DEATH + ","
            + VIEW + "," + BOARD + "," + LOAD + "," + START;

    static Options of(Map<String, String> environment) {
        return new Options(
                number(environment, "RUNS", 5),
                number(environment, "INSTANCES", 10_000),
                number(environment, "FLIPS", 200),
                Duration.ofSeconds(number(environment, "IDLE_SECONDS", 60)),
                Duration.ofSeconds(number(environment, "SETTLE_SECONDS", 20)),
                List.of(text(environment, "PARTS", ALL).split(",")));
    }

    /** Whether any part needs a cluster with something in it. */
    boolean needsCluster() {
        return parts.stream().anyMatch(List.of(SYNC, FLIP, IDLE, START)::contains);
    }

    private static int number(Map<String, String> environment, String name, int otherwise) {
        return Integer.parseInt(text(environment, name, Integer.toString(otherwise)));
    }

    private static String text(Map<String, String> environment, String name, String otherwise) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .orElse(otherwise);
    }
}
