package bridge.bailey.flow;

import bridge.bailey.desired.LegacyRules;
import bridge.bailey.desired.Statuses;
import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Finding.Subject;
import bridge.bailey.model.Happening;
import bridge.bailey.model.Item;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Verdict;
import bridge.bailey.plan.Change;
import bridge.bailey.target.Outcome;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** After each pass to Kubernetes, tells the owners of the legacy services that it was about how these do. */
final class LegacyReporter implements FlowObserver {

    private final Function<ServiceKey, Optional<LegacyView>> views;
    private final Function<ServiceKey, List<Finding>> findings;
    private final LegacyRules rules;
    private final InstantSource clock;
    private final Owners owners;

    /** What was wrong with a service key's origins, and with the path to its instances, when it was told last. */
    private final Map<ServiceKey, Map<String, String>> troubles = new HashMap<>();

    /** The endpoints that were told to be unhealthy, or to drain: a new one that becomes ready has not recovered. */
    private final Map<ServiceKey, Set<String>> down = new HashMap<>();

    /** Is told. Must not block. */
    interface Owners {
        void status(LegacyDeclaration declaration, LegacyStatus status);

        void happened(Happening happening);
    }

    LegacyReporter(
            Function<ServiceKey, Optional<LegacyView>> views,
            Function<ServiceKey, List<Finding>> findings,
            LegacyRules rules,
            InstantSource clock,
            Owners owners) {
        this.views = views;
        this.findings = findings;
        this.rules = rules;
        this.clock = clock;
        this.owners = owners;
    }

    @Override
    public void passed(PassReport<? extends Item> report) {
        if (!report.flow().equals(Flows.TO_KUBERNETES)) {
            return;
        }
        for (ServiceKey key : report.reasons().keySet()) {
            Optional<LegacyView> view = views.apply(key);
            if (view.isEmpty()) {
                troubles.remove(key);
                down.remove(key);
            } else {
                Statuses.of(view.get(), rules, findings.apply(key), clock.instant())
                        .forEach(owners::status);
                tellTroubles(view.get());
            }
        }
        report.outcomes().stream().filter(Outcome::applied).map(Outcome::change).forEach(this::tellChange);
    }

    private void tellTroubles(LegacyView view) {
        Map<String, String> now = troubles(view);
        Map<String, String> before = troubles.getOrDefault(view.key(), Map.of());
        now.forEach((what, message) -> {
            if (!before.containsKey(what)) {
                happened(view, what.isEmpty() ? "PathSuspected" : "OriginUnavailable", true, message);
            }
        });
        before.keySet().stream().filter(what -> !now.containsKey(what)).forEach(what -> {
            if (what.isEmpty()) {
                happened(view, "PathTrusted", false, "the verdicts of the probes count again");
            } else {
                happened(view, "OriginAvailable", false, what + " answers again");
            }
        });
        if (now.isEmpty()) {
            troubles.remove(view.key());
        } else {
            troubles.put(view.key(), now);
        }
    }

    /** By origin; "" stands for the path to the instances. */
    private static Map<String, String> troubles(LegacyView view) {
        Map<String, String> all = new TreeMap<>();
        Stream.concat(view.ec2().values().stream(), view.consul().values().stream())
                .filter(answer -> !answer.error().isEmpty())
                .forEach(answer -> all.put(answer.origin(), unavailable(answer)));
        if (view.verdicts().values().stream().anyMatch(Verdict::suspected)) {
            all.put(
                    "",
                    "so many instances fail at once that Bailey suspects its own path; it keeps the last good verdicts");
        }
        return all;
    }

    private static String unavailable(Answer<?> answer) {
        String kept = answer.known() ? "; its last answer is kept" : "; nothing is known of its instances";
        return answer.origin() + " can't be asked: " + answer.error() + kept;
    }

    private void happened(LegacyView view, String reason, boolean warning, String message) {
        owners.happened(new Happening(subject(view), view.key(), reason, warning, message));
    }

    private static Subject subject(LegacyView view) {
        return view.declaration()
                .map(d -> Subject.legacyService(d.resource()))
                .orElseGet(() -> new Subject("Service", view.key().toString()));
    }

    private void tellChange(Change<? extends Item> change) {
        if (change instanceof Change.Update<? extends Item> update
                && update.before() instanceof MirrorEndpoint before
                && update.after() instanceof MirrorEndpoint after
                && before.readiness() != after.readiness()) {
            views.apply(after.key()).ifPresent(view -> tell(view, after));
        }
    }

    private void tell(LegacyView view, MirrorEndpoint endpoint) {
        Set<String> told = down.computeIfAbsent(endpoint.key(), key -> new HashSet<>());
        if (endpoint.readiness() == Readiness.READY) {
            if (told.remove(endpoint.id())) {
                happened(view, "EndpointRecovered", false, endpoint.place() + " is healthy again");
            }
            return;
        }
        told.add(endpoint.id());
        if (endpoint.readiness() == Readiness.DRAINING) {
            happened(view, "EndpointDraining", false, endpoint.place() + " is about to stop, and drains");
        } else {
            String why = Stream.concat(
                            verdicts(view, endpoint).stream().map(Verdict::reason), consulReasons(view, endpoint))
                    .filter(reason -> !reason.isEmpty())
                    .findFirst()
                    .map(reason -> ": " + reason)
                    .orElse("");
            happened(view, "EndpointUnhealthy", true, endpoint.place() + " is unhealthy" + why);
        }
    }

    private static List<Verdict> verdicts(LegacyView view, MirrorEndpoint endpoint) {
        return view.verdicts().entrySet().stream()
                .filter(e -> e.getKey().address().equals(endpoint.address()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Stream<String> consulReasons(LegacyView view, MirrorEndpoint endpoint) {
        return view.consul().values().stream()
                .flatMap(answer -> answer.instances().stream())
                .filter(instance -> instance.address().equals(endpoint.address()))
                .map(ConsulInstance::why);
    }
}
