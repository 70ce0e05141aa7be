package bridge.bailey.desired;

import bridge.bailey.model.Finding;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.Probe;
import bridge.bailey.target.MirrorManifests;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.representer.Representer;

/** What the cluster should hold for a legacy service, and what its owners are told, as text to read and to compare. */
final class MirrorGolden {

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

    /** What is written in one line, however deep. */
    private record Line(Object value) {}

    private MirrorGolden() {}

    static String text(LegacyView view, LegacyRules rules, Desired<MirrorItem> desired, MirrorManifests manifests) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("reason", desired.reason());
        if (!desired.findings().isEmpty()) {
            text.put(
                    "findings",
                    desired.findings().stream().map(MirrorGolden::text).toList());
        }
        Map<String, String> probes = new TreeMap<>();
        Merging.merge(view, rules).targets().forEach((target, probe) -> probes.put(target.toString(), text(probe)));
        if (!probes.isEmpty()) {
            text.put("probes", probes);
        }
        manifests.service().ifPresent(service -> text.put("Service", object(service)));
        if (!manifests.slices().isEmpty()) {
            text.put(
                    "EndpointSlices",
                    manifests.slices().stream().map(MirrorGolden::object).toList());
        }
        Map<String, Object> statuses = new LinkedHashMap<>();
        Statuses.of(view, rules, desired.findings(), NOW)
                .forEach((declaration, status) ->
                        statuses.put(declaration.resource().toString(), text(status)));
        if (!statuses.isEmpty()) {
            text.put("status of", statuses);
        }
        return yaml().dump(Map.of(view.key().toString(), text));
    }

    private static String text(Finding finding) {
        return finding.kind() + ": " + finding.text();
    }

    private static String text(Probe probe) {
        return probe.check() + " every " + probe.interval() + " within " + probe.timeout() + ", rise " + probe.rise()
                + ", fall " + probe.fall() + ", initially " + probe.initially();
    }

    private static Map<String, Object> text(LegacyStatus status) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("ready", status.ready());
        text.put("originNames", status.originNames());
        if (!status.instances().isEmpty()) {
            text.put(
                    "instances",
                    status.instances().stream().map(MirrorGolden::text).toList());
        }
        if (!status.origins().isEmpty()) {
            text.put(
                    "origins", status.origins().stream().map(MirrorGolden::text).toList());
        }
        text.put(
                "conditions",
                status.conditions().stream()
                        .map(c -> c.type() + " " + c.holds() + ", " + c.reason() + suffix(c.message()))
                        .toList());
        return text;
    }

    private static String text(LegacyStatus.Instance instance) {
        return instance.state() + " " + instance.id() + " at " + instance.address() + " of " + instance.origin()
                + (instance.zone().isEmpty() ? "" : " in " + instance.zone())
                + instance.since().map(since -> " since " + since).orElse("")
                + suffix(instance.reason());
    }

    private static String text(LegacyStatus.Origin origin) {
        return origin.origin() + ": " + origin.instances() + suffix(origin.error());
    }

    private static String suffix(String text) {
        return text.isEmpty() ? "" : ": " + text;
    }

    @SuppressWarnings("unchecked")
    private static Object object(Object object) {
        return lines(SERIALIZATION.convertValue(object, Map.class));
    }

    /** The items of lists, and the labels, each in a line. */
    private static Object lines(Map<?, ?> map) {
        Map<String, Object> text = new LinkedHashMap<>();
        map.forEach((name, value) -> {
            if (value instanceof Map<?, ?> deeper) {
                text.put(name.toString(), isSorted(name) ? new TreeMap<>(deeper) : lines(deeper));
            } else if (value instanceof List<?> items) {
                text.put(name.toString(), items.stream().map(Line::new).collect(Collectors.toList()));
            } else {
                text.put(name.toString(), value);
            }
        });
        return text;
    }

    private static boolean isSorted(Object name) {
        return name.equals("labels") || name.equals("annotations");
    }

    private static Yaml yaml() {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(1000);
        options.setSplitLines(false);
        return new Yaml(new InLines(options), options);
    }

    private static final class InLines extends Representer {
        InLines(DumperOptions options) {
            super(options);
            representers.put(Line.class, line -> flat(representData(((Line) line).value())));
        }

        private static Node flat(Node node) {
            if (node instanceof CollectionNode<?> collection) {
                collection.setFlowStyle(DumperOptions.FlowStyle.FLOW);
                collection.getValue().forEach(child -> {
                    if (child instanceof Node deeper) {
                        flat(deeper);
                    }
                });
            }
            if (node instanceof MappingNode mapping) {
                mapping.getValue().stream().map(NodeTuple::getValueNode).forEach(InLines::flat);
            }
            return node;
        }
    }
}
