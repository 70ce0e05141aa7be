package bridge.bailey.cli;

import bridge.bailey.flow.LegacySide;
import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Verdict;
import bridge.bailey.probe.ProbeSet;
import bridge.bailey.probe.Probes;
import bridge.bailey.source.Discovery;
import bridge.bailey.source.LegacyDeclarations;
import bridge.bailey.source.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Where the legacy side is read from. No origin is connected yet. */
public final class LegacySystems implements LegacySide.Systems {

    @Override
    public LegacyDeclarations declarations() {
        return new LegacyDeclarations() {
            @Override
            public CompletionStage<Void> start(Consumer<Set<ServiceKey>> changed) {
                return CompletableFuture.completedStage(null);
            }

            @Override
            public List<LegacyDeclaration> claiming(ServiceKey service) {
                return List.of();
            }

            @Override
            public Set<ServiceKey> keys() {
                return Set.of();
            }

            @Override
            public boolean synced() {
                return false;
            }

            @Override
            public Source.Part state() {
                return new Source.Part("legacyservices", true, 0, Optional.empty());
            }

            @Override
            public void close() {}
        };
    }

    private record Nothing<Q, I>() implements Discovery<Q, I> {
        @Override
        public void ask(Set<Q> queries) {}

        @Override
        public Answer<I> answer(Q query) {
            return Answer.none("none");
        }

        @Override
        public void close() {}
    }

    @Override
    public Discovery<Ec2Query, Ec2Instance> ec2(Discovery.Listener<Ec2Query> listener) {
        return new Nothing<>();
    }

    @Override
    public Discovery<ConsulQuery, ConsulInstance> consul(Discovery.Listener<ConsulQuery> listener) {
        return new Nothing<>();
    }

    @Override
    public Probes probes(Probes.Listener listener) {
        return new Probes() {
            @Override
            public void watch(ServiceKey key, ProbeSet set) {}

            @Override
            public Map<ProbeTarget, Verdict> verdicts(ServiceKey key) {
                return Map.of();
            }

            @Override
            public void close() {}
        };
    }
}
