package bridge.bailey.target;

import bridge.bailey.crd.LegacyService;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Happening;
import bridge.bailey.model.ServiceKey;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Tells the owners of a Service or a LegacyService what they should mend and what has happened, by Kubernetes Events on it.
 * Best effort: an Event that can't be written is in the log anyway. An object gets no more of them than its {@link
 * EventBudget}.
 */
public final class KubernetesEvents implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(KubernetesEvents.class);
    private static final int MOST_WAITING = 1000;
    private static final int LONGEST_MESSAGE = 1024;
    private static final int LONGEST_NAME = 200;

    private final KubernetesClient client;
    private final Function<ServiceKey, Optional<String>> services;
    private final Function<ServiceKey, Optional<String>> legacyServices;
    private final Function<ServiceKey, Optional<String>> leases;
    private final InstantSource clock;
    private final EventBudget budget;
    private final ThreadPoolExecutor writer;
    private volatile boolean failing;
    private long lastStamp;

    /** Makes a writer that knows of Services only. */
    public KubernetesEvents(
            KubernetesClient client, Function<ServiceKey, Optional<String>> services, InstantSource clock) {
        this(client, services, resource -> Optional.empty(), lease -> Optional.empty(), clock);
    }

    /**
     * Makes a writer.
     *
     * @param services finds a Service's uid, without which {@code kubectl describe} would not show the Event
     * @param legacyServices finds that of a LegacyService
     * @param leases finds that of a Lease
     */
    public KubernetesEvents(
            KubernetesClient client,
            Function<ServiceKey, Optional<String>> services,
            Function<ServiceKey, Optional<String>> legacyServices,
            Function<ServiceKey, Optional<String>> leases,
            InstantSource clock) {
        this.client = client;
        this.services = services;
        this.legacyServices = legacyServices;
        this.leases = leases;
        this.budget = new EventBudget(clock);
        this.clock = clock;
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                task -> {
                    Thread thread = new Thread(task, "kubernetes-events");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Writes an Event for each finding about an object that exists; does not block. */
    public void report(List<Finding> findings) {
        for (Finding finding : findings) {
            report(finding.subject(), new Told(camelCase(finding.kind()), true, finding.text()));
        }
    }

    /** Writes an Event about what has happened to an object, if it exists; does not block. */
    public void report(Happening happening) {
        report(happening.subject(), new Told(happening.reason(), happening.warning(), happening.message()));
    }

    private record Told(String reason, boolean warning, String message) {}

    private void report(Finding.Subject subject, Told told) {
        involved(subject)
                .filter(object -> budget.take(subject))
                .ifPresent(object -> writer.execute(() -> write(object, told)));
    }

    /** Empty for what is no object of the cluster, and for what does not exist. */
    private Optional<ObjectReference> involved(Finding.Subject subject) {
        return switch (subject.kind()) {
            case "Service" -> involved(subject, "v1", services);
            case LegacyService.KIND ->
                involved(subject, LegacyService.GROUP + "/" + LegacyService.VERSION, legacyServices);
            case Finding.Subject.LEASE -> involved(subject, "coordination.k8s.io/v1", leases);
            default -> Optional.empty();
        };
    }

    private static Optional<ObjectReference> involved(
            Finding.Subject subject, String apiVersion, Function<ServiceKey, Optional<String>> uids) {
        int slash = subject.name().indexOf('/');
        ServiceKey key = new ServiceKey(
                subject.name().substring(0, Math.max(0, slash)), subject.name().substring(slash + 1));
        return uids.apply(key).map(uid -> new ObjectReferenceBuilder()
                .withApiVersion(apiVersion)
                .withKind(subject.kind())
                .withNamespace(key.namespace())
                .withName(key.name())
                .withUid(uid)
                .build());
    }

    private void write(ObjectReference object, Told told) {
        try {
            client.v1()
                    .events()
                    .inNamespace(object.getNamespace())
                    .resource(event(object, told))
                    .create();
            failing = false;
        } catch (KubernetesClientException e) {
            if (!failing) {
                failing = true;
                LOG.warnf("Kubernetes Events can't be written: %s", ApiFailures.messageOf(e));
            }
        }
    }

    private Event event(ObjectReference object, Told told) {
        Instant now = clock.instant();
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        String text = told.message();
        return new EventBuilder()
                .withNewMetadata()
                .withName(nameFor(object.getName(), now))
                .withNamespace(object.getNamespace())
                .endMetadata()
                .withInvolvedObject(object)
                .withType(told.warning() ? "Warning" : "Normal")
                .withReason(told.reason())
                .withMessage(text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) : text)
                .withNewSource()
                .withComponent("bailey")
                .endSource()
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(1)
                .build();
    }

    /** As client-go names Events: by the object and the time, which here is different each time. */
    private String nameFor(String object, Instant now) {
        lastStamp = Math.max(lastStamp + 1, ChronoUnit.NANOS.between(Instant.EPOCH, now));
        String cut = object.length() > LONGEST_NAME ? object.substring(0, LONGEST_NAME) : object;
        return cut.replaceAll("[^a-z0-9]+$", "") + "." + Long.toHexString(lastStamp);
    }

    /** {@code SHARED_NAME} → {@code SharedName}, as reasons are written in Kubernetes. */
    private static String camelCase(Enum<?> kind) {
        StringBuilder text = new StringBuilder();
        for (String word : kind.name().split("_", -1)) {
            text.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }

    @Override
    public void close() {
        writer.shutdownNow();
    }
}
