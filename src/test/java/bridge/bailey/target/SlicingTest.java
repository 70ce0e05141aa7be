package bridge.bailey.target;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.IpFamily;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.target.Slicing.Slice;
import bridge.bailey.target.Slicing.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SlicingTest {

    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");

    private static final AtomicInteger NAMES = new AtomicInteger();

    private static MirrorEndpoint endpoint(String address, int port, Readiness readiness) {
        return new MirrorEndpoint(
                BILLING,
                "billing",
                address,
                List.of(new EndpointPort("http", port, Protocol.TCP, "")),
                readiness,
                "",
                "");
    }

    private static List<MirrorEndpoint> machines(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> endpoint("10.0." + i / 250 + "." + (i % 250 + 1), 8080, Readiness.READY))
                .toList();
    }

    /** The slices after the writes, by name. */
    private static Map<String, Slice> after(Map<String, Slice> before, List<Write> writes) {
        Map<String, Slice> after = new LinkedHashMap<>(before);
        for (Write write : writes) {
            if (write.isDelete()) {
                after.remove(write.name().orElseThrow());
            } else {
                String name = write.name().orElseGet(() -> "new-" + NAMES.incrementAndGet());
                after.put(name, new Slice(name, write.group().orElseThrow().family(), write.endpoints()));
            }
        }
        return after;
    }

    private static Map<String, Slice> fresh(Collection<MirrorEndpoint> wanted) {
        return after(Map.of(), Slicing.writes(List.of(), wanted));
    }

    @Test
    void manyEndpointsAreSpreadOverSlicesOfAHundred() {
        assertThat(fresh(machines(0, 250)).values())
                .extracting(slice -> slice.endpoints().size())
                .containsExactly(100, 100, 50);
    }

    @Test
    void nothingIsWrittenWhenNothingChanged() {
        Map<String, Slice> slices = fresh(machines(0, 250));

        assertThat(Slicing.writes(slices.values(), machines(0, 250))).isEmpty();
    }

    @Test
    void removingOneOfManyEndpointsRewritesOneSlice() {
        Map<String, Slice> slices = fresh(machines(0, 250));
        List<MirrorEndpoint> fewer = new ArrayList<>(machines(0, 250));
        MirrorEndpoint gone = fewer.remove(120);

        List<Write> writes = Slicing.writes(slices.values(), fewer);

        assertThat(writes).hasSize(1);
        assertThat(writes.get(0).affected()).containsExactly(gone.id());
        assertThat(writes.get(0).endpoints()).hasSize(99);
    }

    @Test
    void aNewEndpointGoesToTheSliceThatIsWrittenAnyway() {
        Map<String, Slice> slices = fresh(machines(0, 250));
        List<MirrorEndpoint> changed = new ArrayList<>(machines(1, 251));

        List<Write> writes = Slicing.writes(slices.values(), changed);

        assertThat(writes).hasSize(1);
        assertThat(writes.get(0).endpoints()).hasSize(100);
        assertThat(writes.get(0).affected()).hasSize(2);
    }

    @Test
    void aNewEndpointGoesToTheFullestSliceWithRoom() {
        Map<String, Slice> slices = new HashMap<>();
        slices.put("a", new Slice("a", IpFamily.IPV4, machines(0, 10)));
        slices.put("b", new Slice("b", IpFamily.IPV4, machines(10, 30)));

        List<Write> writes = Slicing.writes(slices.values(), machines(0, 31));

        assertThat(writes).singleElement().satisfies(w -> assertThat(w.name()).hasValue("b"));
    }

    @Test
    void anotherPortOfAllEndpointsIsOneWriteOfTheSliceThatIsThere() {
        Map<String, Slice> slices = fresh(List.of(endpoint("10.0.0.1", 8080, Readiness.READY)));

        List<Write> writes = Slicing.writes(slices.values(), List.of(endpoint("10.0.0.1", 9090, Readiness.READY)));

        assertThat(writes).singleElement().satisfies(write -> {
            assertThat(write.name()).isPresent();
            assertThat(write.affected()).containsExactly("shop/billing/10.0.0.1:8080", "shop/billing/10.0.0.1:9090");
        });
    }

    @Test
    void familiesAndPortsAreApart() {
        assertThat(fresh(List.of(
                                endpoint("10.0.0.1", 8080, Readiness.READY),
                                endpoint("10.0.0.2", 9090, Readiness.READY),
                                endpoint("2001:db8::1", 8080, Readiness.READY)))
                        .values())
                .hasSize(3);
    }

    @Test
    void anEndpointThatIsInTwoSlicesStaysInOne() {
        MirrorEndpoint twice = endpoint("10.0.0.1", 8080, Readiness.READY);
        Map<String, Slice> slices = new HashMap<>();
        slices.put("a", new Slice("a", IpFamily.IPV4, List.of(twice)));
        slices.put("b", new Slice("b", IpFamily.IPV4, List.of(twice)));

        List<Write> writes = Slicing.writes(slices.values(), List.of(twice));

        assertThat(writes).singleElement().satisfies(write -> {
            assertThat(write.isDelete()).isTrue();
            assertThat(write.name()).hasValue("b");
        });
    }

    /** Any history of instances that appear, drain, die and move converges, with no more writes than slices that differ. */
    @Property
    void anyHistoryConverges(@ForAll("histories") List<Map<String, MirrorEndpoint>> history) {
        Map<String, Slice> slices = new LinkedHashMap<>();
        for (Map<String, MirrorEndpoint> state : history) {
            List<Write> writes = Slicing.writes(slices.values(), state.values());
            Map<String, Slice> next = after(slices, writes);

            List<MirrorEndpoint> held =
                    next.values().stream().flatMap(s -> s.endpoints().stream()).toList();
            assertThat(held).containsExactlyInAnyOrderElementsOf(state.values());
            assertThat(next.values()).allSatisfy(slice -> {
                assertThat(slice.endpoints()).isNotEmpty().hasSizeLessThanOrEqualTo(Slicing.MOST_ENDPOINTS);
                assertThat(slice.endpoints().stream().map(Slicing.Group::of).distinct())
                        .as("groups")
                        .hasSize(1);
                assertThat(slice.endpoints()).allMatch(e -> IpFamily.of(e.address()) == slice.family());
            });
            assertThat(Slicing.writes(next.values(), state.values())).isEmpty();
            assertThat(affected(writes)).isEqualTo(differing(slices, state.values()));
            slices = next;
        }
    }

    @Property
    void anEndpointThatDoesNotChangeStaysWhereItIs(@ForAll("histories") List<Map<String, MirrorEndpoint>> history) {
        Map<String, Slice> slices = new LinkedHashMap<>();
        for (Map<String, MirrorEndpoint> state : history) {
            Map<String, Slice> next = after(slices, Slicing.writes(slices.values(), state.values()));
            Map<String, Slice> before = slices;
            before.forEach((name, slice) -> slice.endpoints().stream()
                    .filter(e -> e.equals(state.get(e.id())))
                    .forEach(e -> assertThat(next.get(name).endpoints()).contains(e)));
            slices = next;
        }
    }

    private static Set<String> affected(List<Write> writes) {
        return writes.stream().flatMap(w -> w.affected().stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> differing(Map<String, Slice> slices, Collection<MirrorEndpoint> wanted) {
        Map<String, MirrorEndpoint> before = new HashMap<>();
        slices.values().forEach(s -> s.endpoints().forEach(e -> before.put(e.id(), e)));
        Map<String, MirrorEndpoint> after = new HashMap<>();
        wanted.forEach(e -> after.put(e.id(), e));
        Set<String> differing = new TreeSet<>(before.keySet());
        differing.addAll(after.keySet());
        differing.removeIf(id -> before.containsKey(id) && before.get(id).equals(after.get(id)));
        return differing;
    }

    @Provide
    Arbitrary<List<Map<String, MirrorEndpoint>>> histories() {
        Arbitrary<String> addresses = Arbitraries.integers()
                .between(0, 350)
                .map(i -> i % 7 == 0
                        ? "2001:db8::" + Integer.toHexString(i + 1)
                        : "10.1." + i / 200 + "." + (i % 200 + 1));
        Arbitrary<MirrorEndpoint> endpoints = Combinators.combine(
                        addresses,
                        Arbitraries.frequency(net.jqwik.api.Tuple.of(9, 8080), net.jqwik.api.Tuple.of(1, 9090)),
                        Arbitraries.of(Readiness.values()))
                .as(SlicingTest::endpoint);
        return endpoints
                .list()
                .ofMaxSize(300)
                .map(list -> {
                    Map<String, MirrorEndpoint> byId = new LinkedHashMap<>();
                    list.forEach(e -> byId.put(e.id(), e));
                    return byId;
                })
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }
}
