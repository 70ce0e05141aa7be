package bridge.bailey.target;

import bridge.bailey.crd.LegacyService;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.ServiceKey;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Writes the status of LegacyServices, and nothing else of them. What was wanted last of a resource is written, where it
 * differs from what the resource has: an idle bridge writes nothing. Whatever fails is tried again until it is written, or
 * something newer is wanted, or the resource is gone.
 */
public final class LegacyStatusWriter implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LegacyStatusWriter.class);
    private static final int TRIES = 4;

    private final KubernetesClient client;
    private final Function<ServiceKey, Optional<GenericKubernetesResource>> known;
    private final BooleanSupplier mandate;
    private final Timing timing;
    private final ScheduledExecutorService thread;
    private final Map<ServiceKey, Wanted> pending = new ConcurrentHashMap<>();

    // What follows is the thread's own.
    private final Map<ServiceKey, Long> writtenAt = new HashMap<>();
    private final Map<ServiceKey, GenericKubernetesResource> written = new HashMap<>();
    private final Map<ServiceKey, Integer> failing = new HashMap<>();

    /**
     * How often is written.
     *
     * @param apart the least time between two writes of one status
     * @param retry the pause after a failure
     */
    public record Timing(Duration apart, Duration retry) {}

    private record Wanted(String uid, LegacyStatus status) {}

    /**
     * Makes a writer.
     *
     * @param known the resource as an informer knows it; not changed
     * @param mandate whether we may write; what waits is dropped if not, since the leader writes it
     */
    public LegacyStatusWriter(
            KubernetesClient client,
            Function<ServiceKey, Optional<GenericKubernetesResource>> known,
            BooleanSupplier mandate) {
        this(client, known, mandate, new Timing(Duration.ofSeconds(1), Duration.ofSeconds(15)));
    }

    /** Makes a writer with other times. */
    public LegacyStatusWriter(
            KubernetesClient client,
            Function<ServiceKey, Optional<GenericKubernetesResource>> known,
            BooleanSupplier mandate,
            Timing timing) {
        this.client = client;
        this.known = known;
        this.mandate = mandate;
        this.timing = timing;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "legacy-status");
            made.setDaemon(true);
            return made;
        });
    }

    /**
     * Sees to it that a resource gets this status; does not block.
     *
     * @param uid of the resource that the status is about: another one of that name is left alone
     */
    public void write(ServiceKey resource, String uid, LegacyStatus wanted) {
        if (pending.put(resource, new Wanted(uid, wanted)) == null) {
            schedule(resource, 0);
        }
    }

    private void schedule(ServiceKey resource, long nanos) {
        if (!thread.isShutdown()) {
            // What can go wrong is caught and told where it does.
            var unused = thread.schedule(() -> writePending(resource), nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void writePending(ServiceKey resource) {
        long now = System.nanoTime();
        long apart = timing.apart().toNanos();
        writtenAt.values().removeIf(at -> now - at >= apart);
        Long last = writtenAt.get(resource);
        if (last != null) {
            schedule(resource, last + apart - now);
            return;
        }
        Wanted wanted = pending.remove(resource);
        if (!mandate.getAsBoolean()) {
            return;
        }
        try {
            write(resource, wanted);
            works(resource);
        } catch (RuntimeException e) {
            fails(resource, e);
            if (pending.putIfAbsent(resource, wanted) == null) {
                schedule(resource, timing.retry().toNanos());
            }
        }
    }

    private void write(ServiceKey resource, Wanted wanted) {
        Optional<GenericKubernetesResource> current = newest(resource);
        for (int tries = 1; isSame(current, wanted); tries++) {
            Optional<Map<String, Object>> status = LegacyStatusJson.changed(current.get(), wanted.status());
            if (status.isEmpty()) {
                return;
            }
            try {
                writtenAt.put(resource, System.nanoTime());
                written.put(
                        resource,
                        api(resource, with(current.get(), status.get())).updateStatus());
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                    return;
                }
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || tries == TRIES) {
                    throw e;
                }
                current = Optional.ofNullable(
                        api(resource, with(current.get(), Map.of())).get());
            }
        }
    }

    private static boolean isSame(Optional<GenericKubernetesResource> current, Wanted wanted) {
        return current.filter(found -> wanted.uid().equals(found.getMetadata().getUid()))
                .isPresent();
    }

    /** What the informer knows, or what we wrote if that is newer: the informer hears of it a moment later. */
    private Optional<GenericKubernetesResource> newest(ServiceKey resource) {
        Optional<GenericKubernetesResource> heard = known.apply(resource);
        GenericKubernetesResource ours = written.get(resource);
        if (ours != null && heard.isPresent() && version(ours) > version(heard.get())) {
            return Optional.of(ours);
        }
        written.remove(resource);
        return heard;
    }

    /** Versions are numbers, and grow; of one that is none nothing can be said. */
    private static long version(GenericKubernetesResource resource) {
        String version = String.valueOf(resource.getMetadata().getResourceVersion());
        return version.matches("\\d{1,18}") ? Long.parseLong(version) : -1;
    }

    private Resource<GenericKubernetesResource> api(ServiceKey resource, GenericKubernetesResource object) {
        return client.genericKubernetesResources(LegacyService.API)
                .inNamespace(resource.namespace())
                .resource(object);
    }

    /** With its version, so that the API server refuses the write if the resource has changed. */
    private static GenericKubernetesResource with(GenericKubernetesResource current, Map<String, Object> status) {
        GenericKubernetesResource next = new GenericKubernetesResource();
        next.setApiVersion(current.getApiVersion());
        next.setKind(current.getKind());
        next.setMetadata(new ObjectMetaBuilder()
                .withNamespace(current.getMetadata().getNamespace())
                .withName(current.getMetadata().getName())
                .withUid(current.getMetadata().getUid())
                .withResourceVersion(current.getMetadata().getResourceVersion())
                .build());
        next.setAdditionalProperty("spec", current.getAdditionalProperties().get("spec"));
        next.setAdditionalProperty("status", status);
        return next;
    }

    private void works(ServiceKey resource) {
        if (failing.remove(resource) != null && failing.isEmpty()) {
            LOG.info("The status of LegacyServices can be written again.");
        }
    }

    /** Each kind of failure is told once. */
    private void fails(ServiceKey resource, RuntimeException e) {
        int code = e instanceof KubernetesClientException failure ? failure.getCode() : -1;
        if (!failing.containsValue(code)) {
            String why =
                    e instanceof KubernetesClientException failure ? ApiFailures.messageOf(failure) : e.getMessage();
            LOG.warnf(
                    "The status of LegacyService %s can't be written; tried again every %d s: %s",
                    resource, timing.retry().toSeconds(), why);
        }
        failing.put(resource, code);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
