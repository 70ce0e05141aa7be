package bridge.bailey.check;

import java.util.ArrayList;
import java.util.List;

/** Where a check writes what it finds. For any thread. */
public final class Report {

    private final List<Result> results = new ArrayList<>();

    public void ok(String what, String detail) {
        add(new Result(Level.OK, what, detail, ""));
    }

    public void warn(String what, String detail, String fix) {
        add(new Result(Level.WARN, what, detail, fix));
    }

    public void fail(String what, String detail, String fix) {
        add(new Result(Level.FAIL, what, detail, fix));
    }

    private synchronized void add(Result result) {
        results.add(result);
    }

    /** What was found so far. */
    public synchronized List<Result> results() {
        return List.copyOf(results);
    }
}
