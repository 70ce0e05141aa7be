package bridge.bailey.source;

import bridge.bailey.crd.Formats;
import bridge.bailey.model.Finding;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDefaults;
import bridge.bailey.model.Probe;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Share;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Turns a LegacyService, as the API holds it, into what it declares. The API's checks may be switched off, older than this
 * Bailey, or newer: what can't be read is left out with a finding, and the rest counts. What decides which machines are
 * reached, and where, is never guessed: a wrong answer is worse than none.
 */
final class LegacyModel implements Fields.Report {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Fields.Format SERVICE_NAME = Fields.Format.of(
            Formats.SERVICE_NAME, 63, "lower-case letters, digits and inner hyphens, a letter first, at most 63");
    private static final Fields.Format PORT_NAME =
            Fields.Format.of(Formats.PORT_NAME, 63, "lower-case letters, digits and inner hyphens, at most 63");
    private static final Fields.Format PROTOCOL = Fields.Format.of("^(TCP|UDP|SCTP)$", 4, "TCP, UDP or SCTP");
    private static final Fields.Format APP_PROTOCOL =
            Fields.Format.of(Formats.APP_PROTOCOL, 253, "a word such as http or kubernetes.io/h2c");
    private static final Fields.Format PATH =
            Fields.Format.of(Formats.PATH, 1024, "a path that begins with /, without blanks");
    private static final Fields.Format SHARE =
            Fields.Format.of(Formats.SHARE, 10, "a share from 0% to 100%, such as 30%");

    private static final Fields.Format METRIC =
            Fields.Format.of(Formats.METRIC, 200, "the name of a metric, such as node_netstat_Tcp_CurrEstab");
    private static final String NOT_COUNTED = "open connections are not counted";

    private static final int MOST_PORTS = 100;
    private static final int LAST_PORT = 65_535;
    private static final String WITHOUT_PORT = "this port is left out";
    private static final String NOTHING = "nothing is served for it";

    private final LegacyDefaults defaults;
    private final ServiceKey resource;
    private final ServiceKey key;
    private final List<Finding> findings = new ArrayList<>();

    private LegacyModel(LegacyDefaults defaults, ServiceKey resource, ServiceKey key) {
        this.defaults = defaults;
        this.resource = resource;
        this.key = key;
    }

    static LegacyDeclaration declaration(GenericKubernetesResource object, LegacyDefaults defaults) {
        ServiceKey resource = KubernetesModel.keyOf(object);
        return new LegacyModel(defaults, resource, claimed(object)).read(object);
    }

    /** The Service that a resource names. A name that no Service can have is given as it stands, and claims none. */
    static ServiceKey claimed(GenericKubernetesResource object) {
        ServiceKey resource = KubernetesModel.keyOf(object);
        return object.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec && spec.get("serviceName") != null
                ? new ServiceKey(
                        resource.namespace(), spec.get("serviceName").toString().strip())
                : resource;
    }

    private LegacyDeclaration read(GenericKubernetesResource object) {
        JsonNode written = JSON.valueToTree(object.getAdditionalProperties().get("spec"));
        boolean readable = written != null && written.isObject();
        Fields spec = new Fields(readable ? written : JsonNodeFactory.instance.objectNode(), "spec", this);
        if (!readable) {
            spec.wrong("an object", NOTHING);
        }
        boolean named = readable && isNamed(spec);
        List<LegacyDeclaration.Port> ports = named ? ports(spec) : List.of();
        List<LegacyDeclaration.Origin> origins = named ? new LegacyOrigins(defaults).read(spec) : List.of();
        boolean hostName = origins.stream().anyMatch(LegacyDeclaration.Origin.HostName.class::isInstance);
        if (named && ports.isEmpty() && !hostName && !origins.isEmpty() && !spec.has("ports")) {
            spec.wrong("ports", "at least one port, unless the only origin is a hostname", NOTHING);
        }
        return new LegacyDeclaration(
                resource,
                Objects.requireNonNullElse(object.getMetadata().getUid(), ""),
                Objects.requireNonNullElse(object.getMetadata().getGeneration(), 0L),
                instant(object.getMetadata().getCreationTimestamp()),
                withoutNulls(object.getMetadata().getAnnotations()),
                key,
                ports,
                origins,
                named ? probe(spec, ports, hostName) : Optional.empty(),
                failOpenBelow(spec),
                blend(spec, hostName),
                spec.flag("headless", false),
                spec.flag("registerInConsul", false),
                metrics(spec, hostName),
                findings);
    }

    @Override
    public int size() {
        return findings.size();
    }

    @Override
    public void wrong(String path, String value, String allowed, String meanwhile) {
        findings.add(new Finding(
                Finding.Kind.INVALID_SPEC,
                key,
                Finding.Subject.legacyService(resource),
                path,
                value,
                "allowed: " + allowed + "; " + meanwhile));
    }

    private boolean isNamed(Fields spec) {
        if (spec.has("serviceName")) {
            return spec.text("serviceName", SERVICE_NAME, NOTHING).isPresent();
        }
        boolean fits = SERVICE_NAME.fits().test(resource.name());
        if (!fits) {
            wrong(
                    "metadata.name",
                    resource.name(),
                    SERVICE_NAME.allowed() + ", or a spec.serviceName that is so",
                    NOTHING);
        }
        return fits;
    }

    private List<LegacyDeclaration.Port> ports(Fields spec) {
        List<LegacyDeclaration.Port> ports = new ArrayList<>();
        List<Fields> written = spec.objects("ports", WITHOUT_PORT);
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        for (Fields fields : written) {
            Optional<LegacyDeclaration.Port> read = port(fields, written.size() > 1);
            if (read.isEmpty()) {
                continue;
            }
            LegacyDeclaration.Port port = read.get();
            if (ports.size() == MOST_PORTS) {
                spec.wrong("at most " + MOST_PORTS + " ports", "the rest is left out");
                break;
            }
            if (!numbers.add(port.port() + "/" + port.protocol())) {
                fields.wrong("port", "each port and protocol once", WITHOUT_PORT);
            } else if (!names.add(port.name())) {
                fields.wrong("name", "each name once", WITHOUT_PORT);
            } else {
                ports.add(port);
            }
        }
        return ports;
    }

    /** A port that can't be read as a whole would lead astray. */
    private Optional<LegacyDeclaration.Port> port(Fields fields, boolean oneOfSeveral) {
        int before = size();
        Optional<String> name = oneOfSeveral
                ? fields.required("name", PORT_NAME, WITHOUT_PORT)
                : fields.text("name", PORT_NAME, WITHOUT_PORT);
        OptionalInt port = fields.required("port", 1, LAST_PORT, WITHOUT_PORT);
        OptionalInt target = fields.number("targetPort", 1, LAST_PORT, WITHOUT_PORT);
        Optional<String> protocol = fields.text("protocol", PROTOCOL, WITHOUT_PORT);
        if (size() > before) {
            return Optional.empty();
        }
        return Optional.of(new LegacyDeclaration.Port(
                name.orElse(""),
                port.orElseThrow(),
                target.orElse(0),
                protocol.map(Protocol::valueOf).orElse(Protocol.TCP),
                fields.text("appProtocol", APP_PROTOCOL, "it is left out").orElse("")));
    }

    private Optional<Probe> probe(Fields spec, List<LegacyDeclaration.Port> ports, boolean hostName) {
        if (hostName && spec.has("probe")) {
            spec.wrong("probe", "none with a hostname, which has no instances", "nothing is probed");
        }
        return hostName ? Optional.empty() : new LegacyProbe(defaults, ports).read(spec);
    }

    private double failOpenBelow(Fields spec) {
        return spec.text("failOpenBelow", SHARE, "Bailey's own default counts").map(Share::parse).stream()
                .flatMapToDouble(share -> share.stream())
                .findFirst()
                .orElse(defaults.failOpenBelow());
    }

    private static boolean blend(Fields spec, boolean hostName) {
        boolean blend = spec.flag("blend", false);
        if (blend && hostName) {
            spec.wrong("blend", "false with a hostname, which has no instances to blend", "false is taken");
        }
        return blend && !hostName;
    }

    private static Optional<LegacyDeclaration.Metrics> metrics(Fields spec, boolean hostName) {
        String meanwhile = "the machines are no targets for Prometheus";
        return spec.object("metrics", meanwhile).flatMap(fields -> {
            int before = fields.reported();
            OptionalInt port = fields.required("port", 1, LAST_PORT, meanwhile);
            String path = fields.text("path", PATH, meanwhile).orElse("/metrics");
            if (fields.reported() > before) {
                return Optional.empty();
            }
            return Optional.of(new LegacyDeclaration.Metrics(
                    port.orElseThrow(), path, fields.flag("annotateService", false), connections(fields, hostName)));
        });
    }

    private static String connections(Fields metrics, boolean hostName) {
        if (hostName && metrics.has("connections")) {
            metrics.wrong("connections", "none with a hostname, which has no instances", NOT_COUNTED);
            return "";
        }
        return metrics.text("connections", METRIC, NOT_COUNTED).orElse("");
    }

    private static Instant instant(String text) {
        try {
            return text == null ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private static Map<String, String> withoutNulls(Map<String, String> map) {
        Map<String, String> copy = new HashMap<>(map == null ? Map.of() : map);
        copy.values().removeIf(Objects::isNull);
        return copy;
    }
}
