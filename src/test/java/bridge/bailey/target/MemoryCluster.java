package bridge.bailey.target;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Held;
import bridge.bailey.plan.Plan;
import bridge.bailey.source.KubeMarks;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A cluster in memory, written as {@link MirrorWriter} writes, with what an API server does by itself: it sets defaults and
 * collects what has lost its owner. It fails a test that writes what an API server would refuse, what is as it was already,
 * or what is not ours.
 */
public final class MemoryCluster implements Target<MirrorItem> {

    private static final int LONGEST_LABEL = 63;

    private final Map<ServiceKey, Service> services = new TreeMap<>();
    private final Map<ServiceKey, Map<String, EndpointSlice>> slices = new TreeMap<>();
    private int made;

    /** A cluster that holds what another has and Bailey did not make. */
    public MemoryCluster withForeignOf(MemoryCluster other) {
        other.services.forEach((key, service) -> {
            if (!KubeMarks.ours(service)) {
                services.put(key, service);
            }
        });
        return this;
    }

    public Optional<Service> service(ServiceKey key) {
        return Optional.ofNullable(services.get(key));
    }

    public List<EndpointSlice> slices(ServiceKey key) {
        return List.copyOf(slices.getOrDefault(key, Map.of()).values());
    }

    /** Somebody makes a Service, unless there is one. */
    public void make(Service service) {
        ServiceKey key = new ServiceKey(
                service.getMetadata().getNamespace(), service.getMetadata().getName());
        services.computeIfAbsent(key, k -> stored(new ServiceBuilder(service).build()));
    }

    /** Somebody makes the Service of a key serve pods. */
    public void select(ServiceKey key) {
        service(key).filter(s -> !"ExternalName".equals(s.getSpec().getType())).ifPresent(s -> s.getSpec()
                .setSelector(Map.of("app", "pods")));
    }

    /** Somebody deletes the Service of a key. */
    public void delete(ServiceKey key) {
        services.remove(key);
        collect(key);
    }

    /** Somebody edits the slices of a key. */
    public void disturb(ServiceKey key) {
        slices.getOrDefault(key, new TreeMap<>()).replaceAll((name, slice) -> new EndpointSliceBuilder(slice)
                .editMetadata()
                .removeFromLabels(KubeMarks.LEGACY_SERVICE)
                .endMetadata()
                .withEndpoints(slice.getEndpoints().stream()
                        .skip(1)
                        .map(MemoryCluster::withoutConditions)
                        .toList())
                .build());
    }

    private static Endpoint withoutConditions(Endpoint endpoint) {
        endpoint.setConditions(null);
        return endpoint;
    }

    private void collect(ServiceKey key) {
        String uid = service(key).map(s -> s.getMetadata().getUid()).orElse("");
        slices.getOrDefault(key, new TreeMap<>())
                .values()
                .removeIf(slice -> slice.getMetadata().getOwnerReferences().stream()
                        .map(OwnerReference::getUid)
                        .noneMatch(uid::equals));
    }

    private Service stored(Service service) {
        service.getMetadata().setUid("uid-" + ++made);
        ServiceSpec spec = service.getSpec();
        spec.setSessionAffinity("None");
        if (!"ExternalName".equals(spec.getType())) {
            defaults(spec);
        }
        return service;
    }

    private void defaults(ServiceSpec spec) {
        if (spec.getClusterIP() == null) {
            spec.setClusterIP("10.96.0." + made);
        }
        spec.setClusterIPs(List.of(spec.getClusterIP()));
        spec.setIpFamilies(List.of("IPv4"));
        spec.setInternalTrafficPolicy("Cluster");
    }

    @Override
    public Reading read() {
        return () -> true;
    }

    @Override
    public Held<MirrorItem> held() {
        return new Held<>() {
            @Override
            public Set<ServiceKey> keys() {
                Set<ServiceKey> keys = new TreeSet<>();
                services.forEach((key, service) -> {
                    if (KubeMarks.ours(service)) {
                        keys.add(key);
                    }
                });
                slices.forEach((key, some) -> {
                    if (!some.isEmpty()) {
                        keys.add(key);
                    }
                });
                return keys;
            }

            @Override
            public Collection<MirrorItem> ownedBy(ServiceKey key) {
                List<MirrorItem> items = new ArrayList<>();
                service(key).filter(KubeMarks::ours).ifPresent(s -> items.add(MirrorReader.service(key, s)));
                mirrorSlices(key).forEach(slice -> items.addAll(slice.endpoints()));
                return items;
            }

            @Override
            public boolean foreign(String id) {
                String[] parts = id.split("/", -1);
                return parts.length == 2
                        && service(new ServiceKey(parts[0], parts[1]))
                                .filter(s -> !KubeMarks.ours(s))
                                .isPresent();
            }
        };
    }

    private List<Slicing.Slice> mirrorSlices(ServiceKey key) {
        return slices(key).stream()
                .map(slice -> MirrorReader.slice(key, slice, service(key)))
                .toList();
    }

    @Override
    public List<Outcome<MirrorItem>> apply(Plan<MirrorItem> plan) {
        Map<ServiceKey, List<Change<MirrorItem>>> byKey = new TreeMap<>();
        plan.changes().forEach(c -> byKey.computeIfAbsent(c.key(), k -> new ArrayList<>())
                .add(c));
        byKey.forEach(this::write);
        return plan.changes().stream()
                .map(c -> new Outcome<>(c, Outcome.Kind.APPLIED, ""))
                .toList();
    }

    private void write(ServiceKey key, List<Change<MirrorItem>> changes) {
        Map<String, MirrorEndpoint> wanted = new LinkedHashMap<>();
        mirrorSlices(key).forEach(s -> s.endpoints().forEach(e -> wanted.put(e.id(), withoutFlaws(e))));
        for (Change<MirrorItem> change : changes) {
            if (change.item() instanceof MirrorService mirror && change.action() != Change.Action.DELETE) {
                put(key, mirror);
            } else if (change.item() instanceof MirrorEndpoint endpoint) {
                wanted.remove(endpoint.id());
                if (change.action() != Change.Action.DELETE) {
                    wanted.put(endpoint.id(), endpoint);
                }
            }
        }
        Slicing.writes(mirrorSlices(key), wanted.values()).forEach(write -> write(key, write));
        changes.stream()
                .filter(c -> c.item() instanceof MirrorService && c.action() == Change.Action.DELETE)
                .forEach(c -> remove(key));
    }

    private static MirrorEndpoint withoutFlaws(MirrorEndpoint e) {
        return new MirrorEndpoint(e.key(), e.legacyService(), e.address(), e.ports(), e.readiness(), e.zone(), "");
    }

    private void put(ServiceKey key, MirrorService mirror) {
        Optional<Service> before = service(key);
        before.ifPresent(s -> assertThat(s).matches(KubeMarks::ours, "ours"));
        boolean anew = before.map(s -> MirrorReader.service(key, s).type())
                .filter(type -> type != mirror.type())
                .filter(type ->
                        type != MirrorService.Type.EXTERNAL_NAME && mirror.type() != MirrorService.Type.EXTERNAL_NAME)
                .isPresent();
        if (anew) {
            delete(key);
        }
        Service after = anew || before.isEmpty()
                ? stored(MirrorObjects.service(mirror))
                : MirrorObjects.put(new ServiceBuilder(before.get()).build(), mirror);
        if (!"ExternalName".equals(after.getSpec().getType())) {
            defaults(after.getSpec());
        }
        assertThat(before).isNotEqualTo(Optional.of(after));
        valid(after);
        services.put(key, after);
    }

    private void remove(ServiceKey key) {
        Service service = service(key).orElseThrow();
        assertThat(service).matches(KubeMarks::ours, "ours");
        Map<String, String> selector = service.getSpec().getSelector();
        if (selector == null || selector.isEmpty()) {
            delete(key);
        } else {
            services.put(key, MirrorObjects.release(new ServiceBuilder(service).build()));
        }
    }

    private void write(ServiceKey key, Slicing.Write write) {
        Map<String, EndpointSlice> of = slices.computeIfAbsent(key, k -> new TreeMap<>());
        if (write.isDelete()) {
            assertThat(of.remove(write.name().orElseThrow())).isNotNull();
            return;
        }
        String name = write.name().orElseGet(() -> "slice-" + ++made);
        EndpointSlice before = of.get(name);
        EndpointSlice after = MirrorObjects.slice(
                before == null
                        ? new ObjectMetaBuilder()
                                .withNamespace(key.namespace())
                                .withName(name)
                                .build()
                        : before.getMetadata(),
                services.get(key),
                write.group().orElseThrow(),
                write.endpoints());
        assertThat(after).isNotEqualTo(before);
        valid(after);
        if (before != null) {
            assertThat(after.getAddressType()).isEqualTo(before.getAddressType());
        }
        of.put(name, after);
    }

    /** As an API server judges (staging/src/k8s.io/api and pkg/apis/core/validation of Kubernetes). */
    private static void valid(Service service) {
        labels(service.getMetadata().getLabels());
        List<ServicePort> ports = service.getSpec().getPorts();
        boolean external = "ExternalName".equals(service.getSpec().getType());
        assertThat(ports.isEmpty()).as("no ports").isIn(external, false);
        assertThat(ports.stream().map(ServicePort::getName)).doesNotHaveDuplicates();
        assertThat(ports).allMatch(p -> p.getName() != null || ports.size() == 1);
        assertThat(service.getSpec().getExternalName() != null).isEqualTo(external);
        assertThat(external && service.getSpec().getClusterIP() != null).isFalse();
    }

    private static void valid(EndpointSlice slice) {
        labels(slice.getMetadata().getLabels());
        assertThat(slice.getPorts().stream().map(EndpointPort::getName)).doesNotHaveDuplicates();
        assertThat(slice.getEndpoints()).hasSizeLessThanOrEqualTo(Slicing.MOST_ENDPOINTS);
        assertThat(slice.getEndpoints()).allMatch(e -> e.getAddresses().size() == 1);
        boolean isIpv6 = slice.getAddressType().equals("IPv6");
        assertThat(slice.getEndpoints()).allMatch(e -> e.getAddresses().get(0).contains(":") == isIpv6);
    }

    private static void labels(Map<String, String> labels) {
        assertThat(labels.values()).allMatch(value -> value.length() <= LONGEST_LABEL);
    }

    @Override
    public boolean intact() {
        return true;
    }

    @Override
    public Owned owned() {
        return new Owned(0, 0);
    }

    /** What is there of ours, without regard to which slice it is in. */
    public Map<ServiceKey, Set<String>> summary() {
        Map<ServiceKey, Set<String>> all = new HashMap<>();
        held().keys()
                .forEach(key -> all.put(
                        key,
                        held().ownedBy(key).stream()
                                .map(item -> item.id() + " " + item.state() + " of " + item.legacyService())
                                .collect(Collectors.toCollection(TreeSet::new))));
        return all;
    }
}
