package bridge.bailey.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts load on a URL by wrk, from one thread with a few connections. */
final class Wrk {

    private static final Pattern LATENCY = Pattern.compile("\\s+(50|99)%\\s+([0-9.]+)(us|ms|s)");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final int CONNECTIONS = 4;

    private Wrk() {}

    /** What one run came to: latencies in milliseconds, and answers a second. */
    record Load(double p50, double p99, double rate) {}

    static boolean isThere() {
        try {
            Process wrk = new ProcessBuilder("wrk", "--version")
                    .redirectErrorStream(true)
                    .start();
            wrk.getInputStream().readAllBytes();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Asks for {@code url} for so many seconds, as a browser or Prometheus would: compressed answers are taken. */
    static Load run(String url, int seconds) {
        try {
            Process wrk = new ProcessBuilder(
                            "wrk",
                            "--threads=1",
                            "--connections=" + CONNECTIONS,
                            "--duration=" + seconds + "s",
                            "--timeout=10s",
                            "--latency",
                            "--header=Accept-Encoding: gzip",
                            url)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (output.contains("Non-2xx") || output.contains("Socket errors")) {
                throw new IllegalStateException(output);
            }
            return new Load(latency(output, "50"), latency(output, "99"), rate(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double latency(String output, String percentile) {
        Matcher found = LATENCY.matcher(output);
        while (found.find()) {
            if (found.group(1).equals(percentile)) {
                double value = Double.parseDouble(found.group(2));
                return switch (found.group(3)) {
                    case "us" -> value / 1000;
                    case "s" -> value * 1000;
                    default -> value;
                };
            }
        }
        throw new IllegalStateException(output);
    }

    private static double rate(String output) {
        Matcher found = RATE.matcher(output);
        if (!found.find()) {
            throw new IllegalStateException(output);
        }
        return Double.parseDouble(found.group(1));
    }
}
