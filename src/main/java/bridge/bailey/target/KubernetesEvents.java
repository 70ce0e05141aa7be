package bridge.bailey.target;

import bridge.bailey.model.Finding;
import bridge.bailey.model.ServiceKey;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
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
 * Tells the owners of a Service what they should mend, by Kubernetes Events on it. Best effort: an Event that can't be
 * written is in the log anyway.
 */
public final class KubernetesEvents implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(KubernetesEvents.class);
    private static final int MOST_WAITING = 1000;
    private static final int LONGEST_MESSAGE = 1024;

    private final KubernetesClient client;
    private final Function<ServiceKey, Optional<String>> uids;
    private final InstantSource clock;
    private final ThreadPoolExecutor writer;
    private volatile boolean failing;

    /**
     * Makes a writer.
     *
     * @param uids finds a Service's uid, without which {@code kubectl describe} would not show the Event
     */
    public KubernetesEvents(KubernetesClient client, Function<ServiceKey, Optional<String>> uids, InstantSource clock) {
        this.client = client;
        this.uids = uids;
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

    /** Writes an Event for each finding about a Service that exists; does not block. */
    public void report(List<Finding> findings) {
        for (Finding finding : findings) {
            uids.apply(finding.key()).ifPresent(uid -> writer.execute(() -> write(finding, uid)));
        }
    }

    private void write(Finding finding, String uid) {
        try {
            client.v1()
                    .events()
                    .inNamespace(finding.key().namespace())
                    .resource(event(finding, uid))
                    .create();
            failing = false;
        } catch (KubernetesClientException e) {
            if (!failing) {
                failing = true;
                LOG.warnf("Kubernetes Events can't be written: %s", e.getMessage());
            }
        }
    }

    private Event event(Finding finding, String uid) {
        Instant now = clock.instant();
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        String text = finding.text();
        return new EventBuilder()
                .withNewMetadata()
                .withName(finding.key().name() + "." + Long.toHexString(ChronoUnit.NANOS.between(Instant.EPOCH, now)))
                .withNamespace(finding.key().namespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind("Service")
                .withNamespace(finding.key().namespace())
                .withName(finding.key().name())
                .withUid(uid)
                .endInvolvedObject()
                .withType("Warning")
                .withReason(camelCase(finding.kind()))
                .withMessage(text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) : text)
                .withNewSource()
                .withComponent("bailey")
                .endSource()
                .withFirstTimestamp(time)
                .withLastTimestamp(time)
                .withCount(1)
                .build();
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
