package bridge.bailey.web;

import bridge.bailey.cli.Daemon;
import bridge.bailey.flow.Direction;
import bridge.bailey.flow.FlowStatus;
import bridge.bailey.flow.Flows;
import bridge.bailey.model.Printable;
import bridge.bailey.overview.Bridge;
import bridge.bailey.source.Source;
import bridge.bailey.view.ServiceView;
import bridge.bailey.view.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The JSON of {@code /health}: how the bridge does, and how many services do how. */
public record HealthJson(Status status, Instant takenAt, BridgeJson bridge, Map<String, Object> services) {

    private static final int LONGEST_ERROR = 200;

    /**
     * The bridge itself.
     *
     * @param problems why it is not UP, in words
     * @param leads whether this replica is the one that writes
     * @param leader who is, "" if nobody is known to
     */
    public record BridgeJson(
            Status status,
            List<String> problems,
            boolean leads,
            String leader,
            Map<String, Map<String, Object>> flows,
            Map<String, String> sources) {}

    /** How everything does now. */
    public static HealthJson of(Daemon daemon, Instant now) {
        List<ServiceView> services = daemon.overview().services();
        List<FlowStatus> flows = daemon.flows().all().stream()
                .filter(Direction::enabled)
                .map(Direction::status)
                .toList();
        Status bridge = Bridge.status(
                flows,
                daemon.overview().away(),
                daemon.settings().config().resync(),
                daemon.settings().config().view().staleAfter(),
                now);
        return new HealthJson(
                Bridge.overall(
                        bridge, services.stream().map(ServiceView::status).toList()),
                now,
                bridge(bridge, flows, daemon.flows()),
                counts(services));
    }

    private static BridgeJson bridge(Status status, List<FlowStatus> flows, Flows all) {
        List<Source.Part> parts = all.sources();
        Map<String, Map<String, Object>> byFlow = new LinkedHashMap<>();
        flows.forEach(flow -> byFlow.put(flow.flow(), flow(flow)));
        Map<String, String> sources = new LinkedHashMap<>();
        parts.forEach(part -> sources.put(part.name(), part.up() ? "up" : "away"));
        return new BridgeJson(
                status,
                problems(status, flows, parts),
                all.leadership().term().isPresent(),
                all.leadership().leader().orElse(""),
                byFlow,
                sources);
    }

    private static Map<String, Object> flow(FlowStatus flow) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("started", flow.started());
        one.put("leading", flow.leading());
        one.put("targetUp", flow.targetUp());
        one.put("waiting", flow.waiting());
        flow.lastFullPass().ifPresent(at -> one.put("lastFullPass", at));
        flow.error().ifPresent(error -> one.put("error", error));
        return one;
    }

    private static List<String> problems(Status status, List<FlowStatus> flows, List<Source.Part> parts) {
        List<String> all = new ArrayList<>();
        for (FlowStatus flow : flows) {
            if (!flow.targetUp()) {
                all.add(flow.flow() + " can't write" + because(flow.error()));
            } else if (!flow.started()) {
                all.add(flow.flow() + " has not read everything once yet");
            }
            flow.hold().ifPresent(hold -> all.add(flow.flow() + ": " + hold.text(flow.flow())));
        }
        parts.stream()
                .filter(part -> !part.up())
                .forEach(part -> all.add("source " + part.name() + " is away" + because(part.error())));
        if (status == Status.DOWN && all.isEmpty()) {
            all.add("a full pass is overdue");
        }
        return all;
    }

    /** What a system answered may be long, and is anyone's text. */
    private static String because(Optional<String> error) {
        return error.map(e -> ": " + Printable.of(e, LONGEST_ERROR)).orElse("");
    }

    private static Map<String, Object> counts(List<ServiceView> services) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("total", services.size());
        for (Status status : Status.values()) {
            all.put(
                    status.name().toLowerCase(Locale.ROOT),
                    services.stream()
                            .filter(service -> service.status() == status)
                            .count());
        }
        all.put("stale", services.stream().filter(s -> !s.stale().isEmpty()).count());
        all.put(
                "disagreements",
                services.stream().mapToInt(ServiceView::disagreements).sum());
        all.put("pending", services.stream().mapToInt(ServiceView::pending).sum());
        all.put("withheld", services.stream().mapToInt(ServiceView::withheld).sum());
        return all;
    }
}
