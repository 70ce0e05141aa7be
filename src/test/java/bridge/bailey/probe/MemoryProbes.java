package bridge.bailey.probe;

import bridge.bailey.model.Health;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Verdict;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Verdicts that a test gives. */
public final class MemoryProbes implements Probes {

    private final Map<ServiceKey, Map<ProbeTarget, Verdict>> verdicts = new ConcurrentHashMap<>();
    private final Map<ServiceKey, ProbeSet> watched = new ConcurrentHashMap<>();
    private volatile Listener listener = key -> {};

    public MemoryProbes tell(Listener whom) {
        listener = whom;
        return this;
    }

    public void put(ServiceKey key, ProbeTarget target, Health health, String reason) {
        Verdict verdict = new Verdict(health, health, Optional.of(Instant.EPOCH), reason, false, List.of());
        verdicts.compute(key, (k, before) -> {
            Map<ProbeTarget, Verdict> after = before == null ? new HashMap<>() : new HashMap<>(before);
            after.put(target, verdict);
            return Map.copyOf(after);
        });
        listener.changed(key);
    }

    public ProbeSet watched(ServiceKey key) {
        return watched.getOrDefault(key, ProbeSet.EMPTY);
    }

    @Override
    public void watch(ServiceKey key, ProbeSet set) {
        watched.put(key, set);
    }

    @Override
    public Map<ProbeTarget, Verdict> verdicts(ServiceKey key) {
        return verdicts.getOrDefault(key, Map.of());
    }

    @Override
    public void close() {}
}
