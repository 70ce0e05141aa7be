package bridge.bailey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import bridge.bailey.model.Finding;
import bridge.bailey.model.Happening;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.target.KubernetesEvents;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events on Services and LegacyServices. */
class KubernetesEventsIT {

    private volatile Instant now = Instant.parse("2026-11-23T08:00:00Z");
    private Cluster cluster;
    private ServiceKey users;
    private ServiceKey billing;
    private ServiceKey lease;
    private KubernetesEvents events;

    @BeforeEach
    void open() {
        cluster = Cluster.open();
        String shop = cluster.namespace("shop");
        users = new ServiceKey(shop, "users");
        billing = new ServiceKey(shop, "billing");
        lease = new ServiceKey(shop, "bailey");
        // Makes the namespace.
        cluster.apply(Kube.service(shop, "users"));
        events = new KubernetesEvents(
                cluster.client(),
                key -> key.equals(users) ? Optional.of("uid-of-users") : Optional.empty(),
                key -> key.equals(billing) ? Optional.of("uid-of-billing") : Optional.empty(),
                key -> key.equals(lease) ? Optional.of("uid-of-the-lease") : Optional.empty(),
                () -> now);
    }

    @AfterEach
    void close() {
        events.close();
        cluster.close();
    }

    private List<Event> all() {
        return cluster.client()
                .v1()
                .events()
                .inNamespace(users.namespace())
                .list()
                .getItems();
    }

    private static Happening happening(Finding.Subject subject, int number) {
        return new Happening(subject, new ServiceKey("shop", "b"), "EndpointRecovered", false, "number " + number);
    }

    private void awaitCount(int count) {
        await().untilAsserted(() -> assertThat(all()).hasSize(count));
    }

    @Test
    void anEventIsOnTheObjectThatAFindingIsAbout() {
        events.report(List.of(
                new Finding(Finding.Kind.SHARED_NAME, users, "", "", "of a Service"),
                new Finding(
                        Finding.Kind.INVALID_SPEC,
                        users,
                        Finding.Subject.legacyService(billing),
                        "spec.ports",
                        "",
                        "of a LegacyService"),
                new Finding(Finding.Kind.INVALID_TAG, users, Finding.Subject.ec2Instance("i-1"), "tag", "", "of none"),
                new Finding(
                        Finding.Kind.INVALID_SPEC,
                        users,
                        Finding.Subject.legacyService(users),
                        "",
                        "",
                        "of one that is gone")));
        events.report(new Happening(
                new Finding.Subject(Finding.Subject.LEASE, lease.toString()),
                lease,
                "DeletionsWithheld",
                true,
                "of a Lease"));

        awaitCount(3);
        assertThat(all())
                .extracting(
                        e -> e.getInvolvedObject().getApiVersion(),
                        e -> e.getInvolvedObject().getKind(),
                        e -> e.getInvolvedObject().getName(),
                        e -> e.getInvolvedObject().getUid(),
                        Event::getReason,
                        Event::getType)
                .containsExactlyInAnyOrder(
                        tuple("v1", "Service", "users", "uid-of-users", "SharedName", "Warning"),
                        tuple(
                                "bailey.bridge/v1alpha1",
                                "LegacyService",
                                "billing",
                                "uid-of-billing",
                                "InvalidSpec",
                                "Warning"),
                        tuple(
                                "coordination.k8s.io/v1",
                                "Lease",
                                "bailey",
                                "uid-of-the-lease",
                                "DeletionsWithheld",
                                "Warning"));
        assertThat(all())
                .anyMatch(e -> e.getMessage().equals("LegacyService " + billing + " spec.ports: of a LegacyService"));
    }

    @Test
    void whatHappensIsToldWithItsReason() {
        events.report(new Happening(
                Finding.Subject.legacyService(billing), users, "EndpointUnhealthy", true, "10.0.0.1: HTTP 503"));
        events.report(happening(Finding.Subject.legacyService(billing), 1));

        awaitCount(2);
        assertThat(all())
                .extracting(Event::getReason, Event::getType, Event::getMessage)
                .containsExactlyInAnyOrder(
                        tuple("EndpointUnhealthy", "Warning", "10.0.0.1: HTTP 503"),
                        tuple("EndpointRecovered", "Normal", "number 1"));
    }

    @Test
    void anObjectThatFlapsGetsFewEvents() {
        IntStream.rangeClosed(1, 100).forEach(i -> events.report(happening(Finding.Subject.legacyService(billing), i)));
        events.report(happening(new Finding.Subject("Service", users.toString()), 0));
        awaitCount(26);

        now = now.plus(Duration.ofMinutes(5));
        events.report(happening(Finding.Subject.legacyService(billing), 101));

        awaitCount(27);
        assertThat(Set.copyOf(all().stream().map(Event::getMessage).toList()))
                .contains("number 1", "number 25", "number 101")
                .doesNotContain("number 26");
    }
}
