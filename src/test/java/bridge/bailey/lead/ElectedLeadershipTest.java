package bridge.bailey.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The election, with an API server that does what it should not. */
class ElectedLeadershipTest {

    private ScriptedApi api;
    private volatile Lease lease;
    private volatile int version = 1;
    private volatile boolean putsFail;
    private ElectedLeadership leadership;
    private final Set<String> withheld = ConcurrentHashMap.newKeySet();
    private final AtomicInteger releases = new AtomicInteger();
    private final AtomicInteger putsRefused = new AtomicInteger();
    private volatile RuntimeException defect;

    @BeforeEach
    void open() throws IOException {
        api = new ScriptedApi(this::answer);
        leadership = new ElectedLeadership(
                api.client(),
                new ElectedLeadership.Rules(
                        "bailey", "bailey", Duration.ofSeconds(4), Duration.ofSeconds(3), Duration.ofMillis(200)),
                "me",
                "start",
                new Bulletin() {
                    @Override
                    public Set<String> withheld() {
                        if (defect != null) {
                            RuntimeException e = defect;
                            defect = null;
                            throw e;
                        }
                        return withheld;
                    }

                    @Override
                    public void resume(Set<String> flows) {}

                    @Override
                    public boolean hasJudged(String flow) {
                        return true;
                    }

                    @Override
                    public void release(Set<String> flows) {
                        if (!flows.isEmpty()) {
                            releases.incrementAndGet();
                        }
                    }
                },
                System::nanoTime);
    }

    private synchronized ScriptedApi.Answer answer(String method, String path, String query, String sent) {
        if (path.endsWith("/leases") && method.equals("GET")) {
            return new ScriptedApi.Answer(
                    query.contains("watch=true") ? 500 : 200,
                    "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"LeaseList\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}");
        }
        if (method.equals("GET")) {
            return lease == null
                    ? new ScriptedApi.Answer(404, "{\"kind\":\"Status\",\"code\":404}")
                    : new ScriptedApi.Answer(200, Serialization.asJson(lease));
        }
        if (putsFail) {
            putsRefused.incrementAndGet();
            return new ScriptedApi.Answer(403, "{\"kind\":\"Status\",\"code\":403}");
        }
        Lease put = Serialization.unmarshal(sent, Lease.class);
        put.getMetadata().setResourceVersion(Integer.toString(++version));
        put.getMetadata().setUid("uid");
        lease = put;
        return new ScriptedApi.Answer(200, Serialization.asJson(put));
    }

    @AfterEach
    void close() {
        leadership.close();
        api.close();
    }

    private void leads() {
        await().until(() -> leadership.term().isPresent());
    }

    @Test
    void aLeaseThatIsMissingForAMomentDoesNotEndTheLeadForEver() {
        leadership.start(() -> {});
        leads();
        synchronized (this) {
            lease = null;
            // Or the next try to renew it would make it anew before it is looked for.
            putsFail = true;
        }
        assertThat(leadership.confirmed()).isFalse();
        putsFail = false;
        await().until(() -> lease != null);
        assertThat(lease.getSpec().getHolderIdentity()).isEqualTo("me");
        leads();
    }

    @Test
    void aDefectInOneTryDoesNotEndTheElectionForEver() {
        defect = new IllegalStateException("once");
        lease = Serialization.unmarshal(
                "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":\"bailey\",\"namespace\":\"bailey\",\"resourceVersion\":\"1\",\"uid\":\"uid\"},\"spec\":{}}",
                Lease.class);
        leadership.start(() -> {});
        leads();
    }

    @Test
    void whatIsWithheldAtTheEndIsPinned() {
        leadership.start(() -> {});
        leads();
        int before = version;
        await().until(() -> version > before);
        withheld.add("to-consul");
        leadership.close();
        assertThat(lease.getSpec().getHolderIdentity()).isNullOrEmpty();
        assertThat(lease.getMetadata().getAnnotations()).containsEntry(Bulletin.WITHHELD, "to-consul");
    }

    @Test
    void aReleaseIsHeardOnceThoughTheLeaseCanNotBeWrittenForATime() {
        leadership.start(() -> {});
        leads();
        synchronized (this) {
            lease.getMetadata().setAnnotations(new HashMap<>(Map.of(Bulletin.RELEASE, "to-consul")));
            putsFail = true;
        }
        await().until(() -> putsRefused.get() >= 2);
        assertThat(releases.get()).isZero();
        putsFail = false;

        await().until(() -> releases.get() > 0);
        int written = version;
        await().until(() -> version > written);
        assertThat(releases.get()).isEqualTo(1);
    }
}
