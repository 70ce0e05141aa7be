package bridge.bailey.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.function.ToDoubleFunction;

/**
 * One line of the result.
 *
 * @param what is measured
 * @param baseline what it is compared with
 * @param ratio how it compares, run by run
 * @param limit of the ratio or, without one, of what is measured
 */
record Figure(
        String what,
        String unit,
        Series measured,
        Optional<Series> baseline,
        Optional<Series> ratio,
        Optional<Limit> limit) {

    /** A bound, how it is written, and which value of a series it is for. */
    record Limit(String text, ToDoubleFunction<Series> of, DoublePredicate met) {

        static Limit atMost(String text, double bound) {
            return new Limit(text, Series::median, value -> value <= bound);
        }

        static Limit atLeast(String text, double bound) {
            return new Limit(text, Series::median, value -> value >= bound);
        }

        static Limit below(String text, double bound) {
            return new Limit(text, Series::median, value -> value < bound);
        }

        /** In no run at all. */
        static Limit never() {
            return new Limit("0 in each", Series::max, value -> value == 0);
        }

        boolean isMet(Series series) {
            return met.test(of.applyAsDouble(series));
        }
    }

    /** A value that is compared with nothing. */
    static Figure of(String what, String unit, Series measured) {
        return new Figure(what, unit, measured, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Side by side, without a ratio. */
    static Figure beside(String what, String unit, Series measured, Series baseline) {
        return new Figure(what, unit, measured, Optional.of(baseline), Optional.empty(), Optional.empty());
    }

    static Figure of(String what, String unit, Series measured, Limit limit) {
        return new Figure(what, unit, measured, Optional.empty(), Optional.empty(), Optional.of(limit));
    }

    static Figure of(String what, String unit, Series measured, Series baseline, Series ratio) {
        return new Figure(what, unit, measured, Optional.of(baseline), Optional.of(ratio), Optional.empty());
    }

    static Figure of(String what, String unit, Series measured, Series baseline, Series ratio, Limit limit) {
        return new Figure(what, unit, measured, Optional.of(baseline), Optional.of(ratio), Optional.of(limit));
    }

    /** Empty where nothing is asked for. */
    Optional<Boolean> met() {
        return limit.map(l -> l.isMet(ratio.orElse(measured)));
    }

    String[] row() {
        return new String[] {
            what,
            text(measured, unit),
            baseline.map(b -> text(b, unit)).orElse(""),
            ratio.map(r -> text(r, "")).orElse(""),
            limit.map(Limit::text).orElse(""),
            met().map(m -> m ? "yes" : "NO").orElse("")
        };
    }

    private static String text(Series series, String unit) {
        String text = number(series.median()) + (unit.isEmpty() ? "" : " " + unit);
        return series.values().size() == 1
                ? text
                : text + " (" + number(series.min()) + "–" + number(series.max()) + ")";
    }

    /** Three digits, which is more than the machine's noise leaves meaningful. */
    static String number(double value) {
        double size = Math.abs(value);
        int decimals = size == 0 || size >= 100 ? 0 : size < 10 ? 2 : 1;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("what", what);
        json.put("unit", unit);
        json.put("measured", json(measured));
        baseline.ifPresent(b -> json.put("baseline", json(b)));
        ratio.ifPresent(r -> json.put("ratio", json(r)));
        limit.ifPresent(l -> json.put("target", l.text()));
        met().ifPresent(m -> json.put("met", m));
        return json;
    }

    private static Map<String, Object> json(Series series) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("median", series.median());
        json.put("min", series.min());
        json.put("max", series.max());
        json.put("runs", series.values());
        return json;
    }
}
