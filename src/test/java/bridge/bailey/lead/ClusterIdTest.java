package bridge.bailey.lead;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterIdTest {

    private ScriptedApi api;
    private volatile int status = 200;
    private final AtomicInteger questions = new AtomicInteger();

    @BeforeEach
    void open() throws IOException {
        api = new ScriptedApi((method, path, query, body) -> {
            assertThat(path).isEqualTo("/api/v1/namespaces/kube-system");
            questions.incrementAndGet();
            return new ScriptedApi.Answer(
                    status,
                    status == 200
                            ? "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"kube-system\",\"uid\":\"u-1\"}}"
                            : "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":" + status + "}");
        });
    }

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void theUidOfKubeSystemIsAskedForOnce() {
        ClusterId id = new ClusterId(api.client());

        assertThat(id.get()).contains("u-1");
        assertThat(id.isSettled()).isTrue();
        assertThat(questions).hasValue(1);
    }

    @Test
    void aFailureSettlesNothing() {
        ClusterId id = new ClusterId(api.client());
        status = 500;
        assertThat(id.get()).isEmpty();
        assertThat(id.isSettled()).isFalse();

        status = 200;
        assertThat(id.isSettled()).isTrue();
        assertThat(id.get()).contains("u-1");
    }

    @Test
    void whereItMayNotBeReadItIsDoneWithout() {
        status = 403;
        ClusterId id = new ClusterId(api.client());

        assertThat(id.isSettled()).isTrue();
        assertThat(id.get()).isEmpty();
    }
}
