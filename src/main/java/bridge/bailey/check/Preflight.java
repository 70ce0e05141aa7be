package bridge.bailey.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs checks side by side: each fails alone, and none holds up the others for longer than its time. */
public final class Preflight {

    private final List<Check> checks;
    private final Duration each;

    /**
     * Makes it.
     *
     * @param each how long a check may take
     */
    public Preflight(List<Check> checks, Duration each) {
        this.checks = List.copyOf(checks);
        this.each = each;
    }

    /** What was found in an area. */
    public record Area(String name, List<Result> results) {
        public Area {
            results = List.copyOf(results);
        }
    }

    private record Running(Check check, Report report, Future<?> end) {}

    /** Runs all, and returns what they found in the order of the checks. */
    public List<Area> run() throws InterruptedException {
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "check");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Running> running = new ArrayList<>();
            for (Check check : checks) {
                Report report = new Report();
                running.add(new Running(check, report, threads.submit(() -> {
                    check.look(report);
                    return null;
                })));
            }
            long end = System.nanoTime() + each.toNanos();
            List<Area> areas = new ArrayList<>();
            for (Running one : running) {
                await(one, end);
                areas.add(new Area(one.check().area(), one.report().results()));
            }
            return areas;
        } finally {
            threads.shutdownNow();
        }
    }

    private void await(Running one, long end) throws InterruptedException {
        try {
            one.end().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            one.end().cancel(true);
            one.report()
                    .fail(
                            one.check().area(),
                            "no answer within " + each.toMillis() + " ms",
                            "look at the network between here and there, or give it more time by --timeout");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            one.report().fail(one.check().area(), why, "mend what it says, and check again");
        }
    }
}
