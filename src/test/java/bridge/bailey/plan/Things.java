package bridge.bailey.plan;

import bridge.bailey.model.ServiceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Arbitrary things of few service keys and ids, so that they often meet. */
public final class Things {

    public static final List<ServiceKey> KEYS =
            List.of(new ServiceKey("shop", "users"), new ServiceKey("shop", "orders"), new ServiceKey("pay", "users"));

    private static final int NUMBERS = 4;

    private Things() {}

    /** Some service keys, each with its things, perhaps none. */
    public static Arbitrary<Map<ServiceKey, List<Thing>>> byKey() {
        Arbitrary<Map<Integer, Integer>> versions = Arbitraries.maps(
                Arbitraries.integers().between(1, NUMBERS),
                Arbitraries.integers().between(1, 2));
        return Arbitraries.maps(Arbitraries.of(KEYS), versions).map(Things::things);
    }

    /** Ids of things. */
    public static Arbitrary<Set<String>> ids() {
        return Arbitraries.of(KEYS)
                .flatMap(key -> Arbitraries.integers().between(1, NUMBERS).map(n -> new Thing(key, n, 0).id()))
                .set();
    }

    private static Map<ServiceKey, List<Thing>> things(Map<ServiceKey, Map<Integer, Integer>> versions) {
        Map<ServiceKey, List<Thing>> all = new HashMap<>();
        versions.forEach((key, ofKey) -> {
            List<Thing> things = new ArrayList<>();
            ofKey.forEach((number, version) -> things.add(new Thing(key, number, version)));
            all.put(key, things);
        });
        return all;
    }
}
