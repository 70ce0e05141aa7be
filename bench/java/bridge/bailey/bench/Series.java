package bridge.bailey.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/** One value of each run. */
record Series(List<Double> values) {

    Series {
        values = List.copyOf(values);
    }

    double median() {
        return percentile(values, 50);
    }

    double min() {
        return percentile(values, 0);
    }

    double max() {
        return percentile(values, 100);
    }

    /** Combines the values of the same run, which the machine's other load has slowed alike. */
    Series with(Series other, DoubleBinaryOperator operator) {
        return new Series(IntStream.range(0, values.size())
                .mapToObj(i -> operator.applyAsDouble(values.get(i), other.values.get(i)))
                .toList());
    }

    Series dividedBy(Series other) {
        return with(other, (mine, its) -> mine / its);
    }

    /** The percentile by the nearest rank, and the mean of the middle two as the median of an even number. */
    static double percentile(List<Double> values, double percent) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        int at = Math.max(0, rank - 1);
        boolean between = percent == 50 && sorted.length % 2 == 0;
        return between ? (sorted[at] + sorted[at + 1]) / 2 : sorted[at];
    }
}
