package bridge.bailey.desired;

import bridge.bailey.model.LegacyDeclaration.Metrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The machines whose metrics Prometheus reads, each once however many origins know it; a machine that can't be reached is none. */
final class ScrapedMachines {

    private final LegacyRules rules;
    private final Map<List<Object>, Merged.Scraped> byAddress = new LinkedHashMap<>();

    ScrapedMachines(LegacyRules rules) {
        this.rules = rules;
    }

    /** What a host name stands for is scraped by that name. */
    static Merged.Scraped of(String hostName, Metrics metrics) {
        return new Merged.Scraped(hostName, hostName, List.of("hostname"), "", metrics);
    }

    void add(Reported reported, Metrics metrics) {
        if (reported.unusable(rules).isEmpty()) {
            Merged.Scraped one = new Merged.Scraped(
                    reported.id(), reported.canonicalAddress(), List.of(reported.origin()), reported.zone(), metrics);
            byAddress.merge(List.of(one.address(), metrics), one, ScrapedMachines::join);
        }
    }

    private static Merged.Scraped join(Merged.Scraped first, Merged.Scraped second) {
        return new Merged.Scraped(
                first.id(),
                first.address(),
                Stream.concat(first.origins().stream(), second.origins().stream())
                        .distinct()
                        .toList(),
                first.zone().isEmpty() ? second.zone() : first.zone(),
                first.metrics());
    }

    List<Merged.Scraped> all() {
        return List.copyOf(byAddress.values());
    }
}
