package bridge.bailey.cli;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the Lease by which the replicas elect who writes. One that is held, and was renewed within its duration, says that
 * Bailey runs. So does one that seems older, and is renewed while we look: the clock of its holder, or ours, is wrong.
 */
final class LeaseHolder implements RunningBailey {

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final Duration watch;
    private final InstantSource clock;

    /**
     * Makes it.
     *
     * @param watch a little more than the time between two renewals
     */
    LeaseHolder(KubernetesClient client, String namespace, String name, Duration watch, InstantSource clock) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.watch = watch;
        this.clock = clock;
    }

    @Override
    public Optional<String> look() throws InterruptedException {
        try {
            Optional<LeaseSpec> first = held();
            if (first.isEmpty()) {
                return Optional.empty();
            }
            if (isFresh(first.get())) {
                return Optional.of(text(first.get()));
            }
            TimeUnit.MILLISECONDS.sleep(watch.toMillis());
            return held().filter(now -> !now.equals(first.get())).map(this::text);
        } catch (KubernetesClientException e) {
            return Optional.of("Whether a Bailey of this cluster runs can't be told, as Lease " + namespace + "/" + name
                    + " can't be read: " + e.getMessage() + ".");
        }
    }

    private Optional<LeaseSpec> held() {
        Lease lease = client.leases().inNamespace(namespace).withName(name).get();
        return Optional.ofNullable(lease)
                .map(Lease::getSpec)
                .filter(spec -> spec.getHolderIdentity() != null
                        && !spec.getHolderIdentity().isEmpty());
    }

    private boolean isFresh(LeaseSpec spec) {
        if (spec.getRenewTime() == null || spec.getLeaseDurationSeconds() == null) {
            return true;
        }
        Instant end = spec.getRenewTime().toInstant().plusSeconds(spec.getLeaseDurationSeconds());
        return clock.instant().isBefore(end);
    }

    private String text(LeaseSpec spec) {
        String seconds = spec.getLeaseDurationSeconds() == null
                ? "some"
                : spec.getLeaseDurationSeconds().toString();
        return "Bailey \"" + spec.getHolderIdentity() + "\" runs: it holds Lease " + namespace + "/" + name
                + ". Stop it by kubectl -n " + namespace
                + " scale deployment/bailey --replicas=0; one that crashed holds it"
                + " for " + seconds + " s.";
    }
}
