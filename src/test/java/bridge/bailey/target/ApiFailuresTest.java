package bridge.bailey.target;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.target.Outcome.Kind;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiFailuresTest {

    @ParameterizedTest
    @CsvSource({
        "400, REFUSED",
        "401, UNAVAILABLE",
        "403, FORBIDDEN",
        "409, CONFLICT",
        "422, REFUSED",
        "429, UNAVAILABLE",
        "500, UNAVAILABLE",
        "503, UNAVAILABLE"
    })
    void theStatusSaysWhatAFailureMeans(int code, Kind kind) {
        assertThat(ApiFailures.kindOf(Refusals.of(code, "no"))).isEqualTo(kind);
    }

    /** What was there is gone: it was changed meanwhile. A namespace that is not there has to be made by somebody. */
    @Test
    void aMissingNamespaceIsARefusalAndAnyOtherMissingObjectAConflict() {
        assertThat(ApiFailures.kindOf(Refusals.about(404, "namespaces"))).isEqualTo(Kind.REFUSED);
        assertThat(ApiFailures.kindOf(Refusals.about(404, "endpointslices"))).isEqualTo(Kind.CONFLICT);
        assertThat(ApiFailures.kindOf(Refusals.of(404, "not found"))).isEqualTo(Kind.CONFLICT);
    }

    @Test
    void noAnswerAtAllMeansUnavailable() {
        KubernetesClientException failure =
                new KubernetesClientException("Operation: [update] failed.", new IOException("Connection refused"));

        assertThat(ApiFailures.kindOf(failure)).isEqualTo(Kind.UNAVAILABLE);
        assertThat(ApiFailures.messageOf(failure)).isEqualTo("Operation: [update] failed.: Connection refused");
    }

    @Test
    void theMessageIsTheServersOwn() {
        assertThat(ApiFailures.messageOf(Refusals.of(422, "may not be in the loopback range")))
                .isEqualTo("may not be in the loopback range");
    }

    @Test
    void aCauseThatIsInTheMessageIsNotRepeated() {
        assertThat(ApiFailures.messageOf(new KubernetesClientException("it timed out", new IOException("timed out"))))
                .isEqualTo("it timed out");
        assertThat(ApiFailures.messageOf(new KubernetesClientException("it failed", new IOException())))
                .isEqualTo("it failed");
    }
}
