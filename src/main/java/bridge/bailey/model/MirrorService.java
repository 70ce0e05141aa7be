package bridge.bailey.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The Service of a mirror: without a selector, or an ExternalName.
 *
 * @param externalName the host name of an ExternalName, else ""
 * @param annotations those that are Bailey's: see {@link ScrapeAnnotations}
 * @param flaws what others made of it that a mirror never has, such as a selector; "" if nothing
 */
public record MirrorService(
        ServiceKey key,
        String legacyService,
        Type type,
        String externalName,
        List<Port> ports,
        Map<String, String> annotations,
        String flaws)
        implements MirrorItem {

    public MirrorService {
        ports = List.copyOf(ports);
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /** How pods reach it. */
    public enum Type {
        /** By one address of the cluster. */
        CLUSTER_IP("ClusterIP"),
        /** By the addresses of its instances. */
        HEADLESS("headless"),
        /** By a host name. */
        EXTERNAL_NAME("ExternalName");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        /** As people say. */
        public String text() {
            return text;
        }
    }

    /** A port of the Service; {@code name} and {@code appProtocol} may be "". */
    public record Port(String name, int port, int targetPort, Protocol protocol, String appProtocol) {
        @Override
        public String toString() {
            return (name.isEmpty() ? "" : name + " ") + port + "→" + targetPort
                    + (protocol == Protocol.TCP ? "" : "/" + protocol)
                    + (appProtocol.isEmpty() ? "" : " (" + appProtocol + ")");
        }
    }

    @Override
    public boolean isInstance() {
        return false;
    }

    @Override
    public String id() {
        return key.toString();
    }

    @Override
    public String place() {
        return "Service";
    }

    @Override
    public String state() {
        return type.text
                + (externalName.isEmpty() ? "" : " " + externalName)
                + (ports.isEmpty()
                        ? ""
                        : ", ports " + ports.stream().map(Port::toString).collect(Collectors.joining(", ")))
                + ScrapeAnnotations.text(annotations)
                        .map(page -> ", annotated for Prometheus " + Printable.of(page))
                        .orElse("");
    }

    @Override
    public List<String> differences(Item successor) {
        if (!(successor instanceof MirrorService next)) {
            throw new IllegalArgumentException("not the Service of a mirror: " + successor);
        }
        List<String> all = new ArrayList<>();
        Differences.add(all, "type", type.text, next.type.text);
        Differences.add(all, "external name", externalName, next.externalName);
        Differences.add(all, "ports", ports, next.ports);
        Differences.add(all, "legacy service", legacyService, next.legacyService);
        Differences.add(all, "annotations", annotations, next.annotations);
        if (!flaws.isEmpty()) {
            all.add("mended: " + Printable.of(flaws));
        }
        return all;
    }
}
