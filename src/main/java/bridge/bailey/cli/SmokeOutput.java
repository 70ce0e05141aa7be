package bridge.bailey.cli;

import bridge.bailey.smoke.Result;
import bridge.bailey.smoke.Result.Verdict;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;

/** Prints how a smoke test goes, a line for each step, as it goes. */
final class SmokeOutput {

    private static final int NAME = 20;

    private final Colours colours;
    private final PrintWriter out;
    private final boolean marks;

    SmokeOutput(Colours colours, PrintWriter out) {
        this(colours, out, canPrint("✓✗"));
    }

    /**
     * Prints there.
     *
     * @param marks whether that takes more than ASCII
     */
    SmokeOutput(Colours colours, PrintWriter out, boolean marks) {
        this.colours = colours;
        this.out = out;
        this.marks = marks;
    }

    /** In the locale C, which many a pipeline has, each mark would be a question mark. */
    private static boolean canPrint(String text) {
        String charset = System.getProperty(
                "stdout.encoding",
                System.getProperty(
                        "sun.stdout.encoding", Charset.defaultCharset().name()));
        return Charset.isSupported(charset)
                && Charset.forName(charset).newEncoder().canEncode(text);
    }

    void begin(String target) {
        out.println("Smoke test of " + target);
        out.flush();
    }

    void print(Result result) {
        String name = result.name();
        String padded = name + " ".repeat(Math.max(0, NAME - name.length()));
        String took = String.format(Locale.ROOT, "%6.2f s", result.took().toNanos() / 1e9);
        out.println("  " + mark(result.verdict()) + " " + padded + took + "  " + result.detail());
        out.flush();
    }

    private String mark(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> colours.of("OK", marks ? "✓" : "ok  ");
            case FAILED -> colours.of("FAIL", marks ? "✗" : "FAIL");
            case SKIPPED -> marks ? "-" : "-   ";
        };
    }

    void end(List<Result> results) {
        out.println(colours.bold(count(results, Verdict.PASSED) + " passed, " + count(results, Verdict.FAILED)
                + " failed, " + count(results, Verdict.SKIPPED) + " skipped"));
        out.flush();
    }

    private static long count(List<Result> results, Verdict verdict) {
        return results.stream().filter(result -> result.verdict() == verdict).count();
    }
}
