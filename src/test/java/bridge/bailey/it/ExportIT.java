package bridge.bailey.it;

import static bridge.bailey.it.Kube.draining;
import static bridge.bailey.it.Kube.loadBalancer;
import static bridge.bailey.it.Kube.node;
import static bridge.bailey.it.Kube.nodePort;
import static bridge.bailey.it.Kube.notReady;
import static bridge.bailey.it.Kube.on;
import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.Finding;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The main job, seen as a legacy host sees it: by DNS. */
class ExportIT {

    private final LocalConsul consul = SharedConsul.get();
    private final Dns dns = new Dns(consul.dnsPort());
    private Cluster cluster;
    private String shop;
    private Bailey bailey;

    @BeforeEach
    void start() {
        cluster = Cluster.open();
        shop = cluster.namespace("shop");
        bailey = Bailey.of(cluster, consul.httpPort(), Map.of()).started();
    }

    @AfterEach
    void stop() {
        bailey.close();
        cluster.close();
    }

    /** A name in Consul that no other test uses. */
    private String unique(String name) {
        return cluster.prefix() + "-" + name;
    }

    private static <V> void eventually(Callable<V> actual, V expected) {
        await().untilAsserted(() -> assertThat(actual.call()).isEqualTo(expected));
    }

    @Test
    void aServiceIsFoundByDnsAtItsPodsAddressesAndPorts() {
        String users = unique("users");
        cluster.apply(service(shop, users, Map.of("bailey.bridge/weight", "7")));
        cluster.apply(slice(shop, "a", users, ready("10.1.0.1"), ready("10.1.0.2")));

        eventually(() -> dns.a(users), List.of("10.1.0.1", "10.1.0.2"));
        assertThat(dns.srv(users)).containsExactly("7:8080", "7:8080");
    }

    @Test
    void anUnreadyPodDisappearsFromAnswersAndADrainingOneStays() {
        String users = unique("users");
        cluster.apply(service(shop, users));
        cluster.apply(slice(shop, "a", users, ready("10.1.0.1"), ready("10.1.0.2"), ready("10.1.0.3")));
        eventually(() -> dns.a(users), List.of("10.1.0.1", "10.1.0.2", "10.1.0.3"));

        cluster.apply(slice(shop, "a", users, ready("10.1.0.1"), notReady("10.1.0.2"), draining("10.1.0.3")));

        eventually(() -> dns.a(users), List.of("10.1.0.1", "10.1.0.3"));
        assertThat(CatalogView.of(consul, "k8s-" + cluster.prefix()).values())
                .anyMatch(e -> e.contains("10.1.0.2") && e.contains("critical(Pod pod-10-1-0-2 is not ready)"))
                .anyMatch(e -> e.contains("10.1.0.3") && e.contains("warning(Pod pod-10-1-0-3 terminates"));
    }

    @Test
    void aServiceIsTheUnionOfItsSlicesWhileEndpointsMoveBetweenThem() {
        String users = unique("users");
        cluster.apply(service(shop, users));
        cluster.apply(slice(shop, "a", users, ready("10.1.0.1"), ready("10.1.0.2")));
        cluster.apply(slice(shop, "b", users, ready("10.1.0.3")));
        eventually(() -> dns.a(users), List.of("10.1.0.1", "10.1.0.2", "10.1.0.3"));

        cluster.apply(slice(shop, "b", users, ready("10.1.0.3"), ready("10.1.0.2")));
        cluster.apply(slice(shop, "a", users, ready("10.1.0.1")));
        cluster.delete(slice(shop, "a", users));

        eventually(() -> dns.a(users), List.of("10.1.0.2", "10.1.0.3"));
        assertThat(bailey.outcomes())
                .as("10.1.0.2 was in a slice at every moment")
                .noneMatch(o -> o.change().action().name().equals("DELETE")
                        && o.change().id().contains("10.1.0.2"));
    }

    @Test
    void aDualStackServiceAnswersBothFamilies() {
        bailey.close();
        bailey = Bailey.of(cluster, consul.httpPort(), Map.of("export.ip-family", "dual"))
                .started();
        String users = unique("users");
        cluster.apply(service(shop, users));
        cluster.apply(slice(shop, "four", users, ready("10.1.0.1")));
        cluster.apply(slice(shop, "six", users, "IPv6", ready("2001:db8::1")));

        eventually(() -> dns.a(users), List.of("10.1.0.1"));
        eventually(() -> dns.aaaa(users), List.of("2001:db8:0:0:0:0:0:1"));
        assertThat(CatalogView.of(consul, "k8s-" + cluster.prefix()))
                .containsKey(cluster.prefix() + "/" + shop + "/" + users + "/[2001:db8::1]:8080");
    }

    @Test
    void aNodePortIsRegisteredAtTheNodesThatHaveEndpointsAndFollowsThem() {
        String web = unique("web");
        String one = unique("node-1");
        String two = unique("node-2");
        cluster.apply(node(one, "10.9.0.1", null));
        cluster.apply(node(two, "10.9.0.2", "198.51.100.2"));
        cluster.apply(node(unique("node-3"), "10.9.0.3", null));
        cluster.apply(nodePort(shop, web, 30911));
        cluster.apply(slice(shop, "a", web, on(one, ready("10.1.0.1")), on(two, ready("10.1.0.2"))));
        eventually(() -> dns.a(web), List.of("10.9.0.1", "198.51.100.2"));
        assertThat(dns.srv(web)).containsExactly("1:30911", "1:30911");

        cluster.apply(node(one, "10.9.0.9", null));
        eventually(() -> dns.a(web), List.of("10.9.0.9", "198.51.100.2"));

        cluster.delete(node(two, "10.9.0.2", "198.51.100.2"));
        eventually(() -> dns.a(web), List.of("10.9.0.9"));
    }

    @Test
    void aLoadBalancerIsRegisteredAtItsAddressOrHostName() {
        String byIp = unique("by-ip");
        String byName = unique("by-name");
        cluster.apply(loadBalancer(shop, byIp, "203.0.113.7"));
        cluster.apply(slice(shop, "a", byIp, ready("10.1.0.1")));
        cluster.apply(loadBalancer(shop, byName, "lb.example.com"));
        cluster.apply(slice(shop, "b", byName, ready("10.1.0.2")));

        eventually(() -> dns.a(byIp), List.of("203.0.113.7"));
        eventually(() -> dns.srv(byIp), List.of("1:80"));
        eventually(() -> dns.cname(byName), List.of("lb.example.com"));
    }

    @Test
    void aHeadlessServiceIsRegisteredWithItsPods() {
        String cache = unique("cache");
        Service headless = new ServiceBuilder(service(shop, cache))
                .editSpec()
                .withClusterIP("None")
                .withClusterIPs("None")
                .endSpec()
                .build();
        cluster.apply(headless);
        cluster.apply(slice(shop, "a", cache, ready("10.1.0.1")));

        eventually(() -> dns.a(cache), List.of("10.1.0.1"));
    }

    @Test
    void furtherPortsAreServicesOfTheirOwn() {
        String cache = unique("cache");
        cluster.apply(new ServiceBuilder(service(shop, cache, Map.of("bailey.bridge/ports", "all")))
                .editSpec()
                .addNewPort()
                .withName("metrics")
                .withPort(9100)
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build());
        EndpointSlice slice = new EndpointSliceBuilder(slice(shop, "a", cache, ready("10.1.0.1")))
                .addNewPort()
                .withName("metrics")
                .withPort(9121)
                .withProtocol("TCP")
                .endPort()
                .build();
        cluster.apply(slice);

        eventually(() -> dns.srv(cache), List.of("1:8080"));
        eventually(() -> dns.srv(cache + "-metrics"), List.of("1:9121"));
    }

    @Test
    void aRenameLeavesNoMomentWithoutTheService() {
        String before = unique("before");
        String after = unique("after");
        cluster.apply(service(shop, "svc", Map.of("bailey.bridge/name", before)));
        cluster.apply(slice(shop, "a", "svc", ready("10.1.0.1")));
        eventually(() -> dns.a(before), List.of("10.1.0.1"));

        cluster.apply(service(shop, "svc", Map.of("bailey.bridge/name", after)));

        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        await().until(() -> {
            // The new name is asked last: if a gap were possible, neither would be there at some moment.
            int found = consul.get("catalog/node-services/k8s-" + cluster.prefix())
                    .get("Services")
                    .size();
            seen.add(found);
            return dns.a(after).equals(List.of("10.1.0.1"));
        });
        eventually(() -> dns.a(before), List.of());
        assertThat(seen).containsExactly(1);
    }

    @Test
    void whatIsDeletedOrNoLongerExportedDisappears() {
        String one = unique("one");
        String two = unique("two");
        cluster.apply(service(shop, one));
        cluster.apply(slice(shop, "a", one, ready("10.1.0.1")));
        cluster.apply(service(shop, two));
        cluster.apply(slice(shop, "b", two, ready("10.1.0.2")));
        eventually(() -> dns.a(one), List.of("10.1.0.1"));
        eventually(() -> dns.a(two), List.of("10.1.0.2"));

        cluster.delete(service(shop, one));
        cluster.apply(service(shop, two, Map.of("bailey.bridge/sync", "false")));

        eventually(() -> dns.a(one), List.of());
        eventually(() -> dns.a(two), List.of());
        await().untilAsserted(() ->
                assertThat(CatalogView.of(consul, "k8s-" + cluster.prefix())).isEmpty());
    }

    @Test
    void twoServicesOfOneNameAreServedTogetherAndReported() {
        String name = unique("shared");
        String other = cluster.namespace("other");
        cluster.apply(service(shop, "a", Map.of("bailey.bridge/name", name)));
        cluster.apply(slice(shop, "a", "a", ready("10.1.0.1")));
        cluster.apply(service(other, "b", Map.of("bailey.bridge/name", name)));
        cluster.apply(slice(other, "b", "b", ready("10.1.0.2")));

        eventually(() -> dns.a(name), List.of("10.1.0.1", "10.1.0.2"));
        await().untilAsserted(() -> assertThat(bailey.findings())
                .extracting(Finding::kind, f -> f.key().toString())
                .containsExactlyInAnyOrder(
                        tuple(Finding.Kind.SHARED_NAME, shop + "/a"), tuple(Finding.Kind.SHARED_NAME, other + "/b")));
        await("an Event for the owners").untilAsserted(() -> assertThat(
                        cluster.client().v1().events().inNamespace(shop).list().getItems())
                .anyMatch(e -> e.getReason().equals("SharedName")
                        && e.getInvolvedObject().getName().equals("a")
                        && e.getMessage().contains(other + "/b")));
    }

    @Test
    void aBurstOfChangesIsFewPasses() {
        bailey.close();
        // Far more than lies between two changes, however slow the machine is.
        bailey = Bailey.of(cluster, consul.httpPort(), Map.of("quiet", "1s", "max-wait", "10s"))
                .started();
        String users = unique("users");
        cluster.apply(service(shop, users));
        cluster.apply(slice(shop, "a", users, ready("10.1.0.1")));
        eventually(() -> dns.a(users), List.of("10.1.0.1"));
        int before = bailey.requests("txn");

        for (int i = 2; i <= 40; i++) {
            cluster.apply(slice(shop, "s" + i, users, ready("10.1.0." + i)));
        }

        await().untilAsserted(() -> assertThat(dns.a(users)).hasSize(40));
        assertThat(bailey.requests("txn") - before).isLessThan(39);
    }
}
