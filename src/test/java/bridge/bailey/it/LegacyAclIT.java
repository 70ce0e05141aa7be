package bridge.bailey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.consul.Backoff;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.CatalogEntry.Status;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.source.ConsulDiscovery;
import bridge.bailey.target.Outcome;
import bridge.bailey.target.Outcome.Kind;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Machines and legacy services in a Consul that denies by default. */
class LegacyAclIT {

    private static LocalConsul consul;

    @BeforeAll
    static void startConsul() {
        consul = LocalConsul.startWithAcl();
    }

    @AfterAll
    static void stopConsul() {
        consul.close();
    }

    private static String token(String name, String rules) {
        Acl acl = new Acl(consul);
        return acl.token(acl.policy(name, rules)).secret();
    }

    @Test
    void theDocumentedPolicyIsEnoughForMachines() {
        try (Machines machines = new Machines(consul, "east", token("east", Acl.documented("east")))) {
            machines.putPod("users", "10.1.0.1");
            machines.put("users", "i-1", "10.20.0.11", Status.PASSING);
            assertThat(machines.fullPass()).hasSize(2).allMatch(Outcome::applied);

            machines.put("users", "i-1", "10.20.0.11", Status.CRITICAL);
            assertThat(machines.fullPass()).hasSize(1).allMatch(Outcome::applied);
            assertThat(CatalogView.of(consul, machines.node("i-1"))).hasSize(1);

            machines.remove("users", "10.20.0.11");
            assertThat(machines.fullPass()).hasSize(1).allMatch(Outcome::applied);
            assertThat(consul.get("catalog/node-services/" + machines.node("i-1"))
                            .path("Node")
                            .isNull())
                    .isTrue();
        }
    }

    @Test
    void theDocumentedPolicyIsEnoughForConsulAsAnOrigin() {
        consul.put(
                "catalog/register",
                """
                {"Node": "legacy-1", "Address": "10.0.0.1", "Service": {"ID": "b1", "Service": "billing"}}""");
        ConsulQuery query = new ConsulQuery("billing", "", List.of());
        Backoff backoff = new Backoff(100_000_000, 1_000_000_000, new Random(1));
        try (ConsulHttp http =
                        Machines.http(consul, token("west", Acl.documented("west")), (kind, status, seconds) -> {});
                ConsulDiscovery discovery = new ConsulDiscovery(
                        http, ConsulDiscovery.Timing.DEFAULT, backoff, InstantSource.system(), changed -> {})) {
            discovery.ask(Set.of(query));

            await().untilAsserted(() -> assertThat(discovery.answer(query).instances())
                    .extracting(ConsulInstance::id)
                    .containsExactly("legacy-1/b1"));
        }
    }

    @Test
    void withoutThePermissionForTheirNodesMachinesAreToldAndThePodsAreServed() {
        String rules =
                """
                node "k8s-north" { policy = "write" }
                key_prefix "bailey/north/" { policy = "write" }
                service_prefix "" { policy = "write" }
                """;
        try (Machines machines = new Machines(consul, "north", token("north", rules))) {
            machines.putPod("users", "10.1.0.1");
            CatalogEntry denied = machines.put("users", "i-1", "10.20.0.11", Status.PASSING);

            List<Outcome<CatalogEntry>> outcomes = machines.fullPass();

            assertThat(outcomes).extracting(Outcome::kind).containsExactlyInAnyOrder(Kind.FORBIDDEN, Kind.APPLIED);
            assertThat(outcomes)
                    .filteredOn(o -> !o.applied())
                    .allSatisfy(o -> assertThat(o.change().id()).isEqualTo(denied.id()));
            assertThat(CatalogView.of(consul, "k8s-north")).hasSize(1);
        }
    }
}
