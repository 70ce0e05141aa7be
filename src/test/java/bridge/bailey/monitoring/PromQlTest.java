package bridge.bailey.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromQlTest {

    @Test
    void metricsAreFoundAmongFunctionsLabelsAndNumbers() {
        PromQl query = new PromQl("histogram_quantile(0.99, sum by (le, kind) (rate(a_bucket{b=\"c{d}\"}[5m]))) > 1e3"
                + " and on (kind) level:d:sum or absent(e) * $__range_s");

        assertThat(query.metrics()).containsExactly("a_bucket", "e", "level:d:sum");
        assertThat(query.grouping()).containsExactly("kind", "le");
    }

    @Test
    void labelsAreFoundWhateverTheirValuesHold() {
        assertThat(new PromQl("f{g=\"h=i\", j!~\"k\"} - l{m=~\"n\"}").matchers())
                .extracting(PromQl.Asked::toString)
                .containsExactlyInAnyOrder(
                        "Asked[metric=f, label=g]", "Asked[metric=f, label=j]", "Asked[metric=l, label=m]");
    }
}
