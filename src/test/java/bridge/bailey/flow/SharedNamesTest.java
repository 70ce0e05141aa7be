package bridge.bailey.flow;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.ServiceKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.junit.jupiter.api.Test;

class SharedNamesTest {

    private static final ServiceKey SHOP = new ServiceKey("shop", "users");
    private static final ServiceKey PAY = new ServiceKey("pay", "users");
    private static final ServiceKey TEST = new ServiceKey("test", "users");

    private final SharedNames names = new SharedNames();

    @Test
    void aNameOfOneServiceIsNotShared() {
        assertThat(names.put(SHOP, Set.of("users"))).containsExactly(SHOP);
        assertThat(names.sharedWith(SHOP)).isEmpty();
    }

    @Test
    void aNameOfTwoServicesIsSharedByBoth() {
        names.put(SHOP, Set.of("users", "users-metrics"));
        assertThat(names.put(PAY, Set.of("users"))).containsExactlyInAnyOrder(SHOP, PAY);
        assertThat(names.sharedWith(SHOP)).isEqualTo(Map.of("users", Set.of(PAY)));
        assertThat(names.sharedWith(PAY)).isEqualTo(Map.of("users", Set.of(SHOP)));
    }

    @Test
    void aServiceThatGoesAwayConcernsThoseThatSharedItsName() {
        names.put(SHOP, Set.of("users"));
        names.put(PAY, Set.of("users"));
        names.put(TEST, Set.of("users"));
        assertThat(names.put(PAY, Set.of())).containsExactlyInAnyOrder(SHOP, PAY, TEST);
        assertThat(names.sharedWith(SHOP)).isEqualTo(Map.of("users", Set.of(TEST)));
        assertThat(names.sharedWith(PAY)).isEmpty();
    }

    @Test
    void anUnchangedServiceConcernsNobody() {
        names.put(SHOP, Set.of("users"));
        names.put(PAY, Set.of("users"));
        assertThat(names.put(PAY, Set.of("users"))).isEmpty();
        assertThat(names.put(TEST, Set.of())).isEmpty();
    }

    @Test
    void aServiceIsToldApartFromItself() {
        names.put(SHOP, Set.of("users"));
        assertThat(names.put(SHOP, Set.of("users", "people"))).containsExactly(SHOP);
        assertThat(names.sharedWith(SHOP)).isEmpty();
    }

    @Property
    void whatIsToldAfterAnyHistoryIsWhatTheLastNamesSay(
            @ForAll("history") List<Tuple2<ServiceKey, Set<String>>> history) {
        SharedNames any = new SharedNames();
        Map<ServiceKey, Set<String>> last = new HashMap<>();
        for (Tuple2<ServiceKey, Set<String>> step : history) {
            Map<ServiceKey, Map<String, Set<ServiceKey>>> before = shared(last);
            last.put(step.get1(), step.get2());
            Map<ServiceKey, Map<String, Set<ServiceKey>>> after = shared(last);

            Set<ServiceKey> concerned = any.put(step.get1(), step.get2());

            for (ServiceKey key : List.of(SHOP, PAY, TEST)) {
                assertThat(any.sharedWith(key)).isEqualTo(after.get(key));
                if (!after.get(key).equals(before.get(key))) {
                    assertThat(concerned).contains(key);
                }
            }
        }
    }

    /** By definition: for each key and each of its names, the others that have it. */
    private static Map<ServiceKey, Map<String, Set<ServiceKey>>> shared(Map<ServiceKey, Set<String>> names) {
        Map<ServiceKey, Map<String, Set<ServiceKey>>> all = new HashMap<>();
        for (ServiceKey key : List.of(SHOP, PAY, TEST)) {
            Map<String, Set<ServiceKey>> ofKey = new TreeMap<>();
            for (String name : names.getOrDefault(key, Set.of())) {
                names.forEach((other, theirs) -> {
                    if (!other.equals(key) && theirs.contains(name)) {
                        ofKey.computeIfAbsent(name, n -> new TreeSet<>()).add(other);
                    }
                });
            }
            all.put(key, ofKey);
        }
        return all;
    }

    @Provide
    Arbitrary<List<Tuple2<ServiceKey, Set<String>>>> history() {
        Arbitrary<Set<String>> some = Arbitraries.of("a", "b", "c").set();
        return Arbitraries.of(SHOP, PAY, TEST)
                .flatMap(key -> some.map(set -> Tuple.of(key, set)))
                .list()
                .ofMaxSize(20);
    }
}
