package bridge.bailey.desired;

import static java.nio.charset.StandardCharsets.UTF_8;

import bridge.bailey.model.Finding;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.Marks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The meta of an entry. Consul refuses a whole transaction for one bad pair: more than 64 pairs, a key with other
 * characters than letters, digits, {@code -} and {@code _}, or longer than 128, or with the reserved prefix
 * {@code consul-}, or a value of more than 512 bytes (Consul's {@code structs.ValidateServiceMetadata}).
 */
final class ServiceMeta {

    static final String NAMESPACE = "k8s-namespace";
    static final String SERVICE = "k8s-service";
    static final String ZONE = "k8s-zone";
    static final String PORT = "port-";

    private static final int MAX_PAIRS = 64;
    private static final int MAX_VALUE = 512;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    /** Pairs that an instance may add: pod, node and zone. */
    private static final int INSTANCE_PAIRS = 3;

    private ServiceMeta() {}

    /** What all instances of a service share: our marks, its ports, and the user's own pairs. */
    static Map<String, String> of(KubeService service, Annotations annotations, ExportRules rules) {
        Map<String, String> meta = new LinkedHashMap<>();
        meta.put(Marks.SOURCE, Marks.KUBERNETES);
        meta.put(Marks.MANAGED_BY, Marks.BAILEY);
        meta.put(Marks.CLUSTER, rules.cluster());
        meta.put(NAMESPACE, service.key().namespace());
        meta.put(SERVICE, service.key().name());
        addPorts(meta, service, annotations);
        annotations.meta().forEach((key, found) -> addUsers(meta, key, found, annotations));
        return meta;
    }

    /** Adds what is known of one instance. */
    static Map<String, String> with(Map<String, String> shared, Instance instance) {
        Map<String, String> meta = new LinkedHashMap<>(shared);
        put(meta, Marks.POD, instance.pod());
        put(meta, Marks.NODE, instance.node());
        put(meta, ZONE, instance.zone());
        return meta;
    }

    private static void put(Map<String, String> meta, String key, String value) {
        if (!value.isEmpty()) {
            meta.put(key, value);
        }
    }

    private static void addPorts(Map<String, String> meta, KubeService service, Annotations annotations) {
        List<String> dropped = new ArrayList<>();
        for (KubeService.Port port : service.ports()) {
            if (port.name().isEmpty()) {
                continue;
            }
            if (full(meta)) {
                dropped.add(port.name());
            } else {
                meta.put(PORT + port.name(), Integer.toString(port.port()));
            }
        }
        if (!dropped.isEmpty()) {
            String names = String.join(", ", dropped);
            dropped(annotations, "spec.ports", names, "Consul keeps at most " + MAX_PAIRS + " pairs");
        }
    }

    private static void addUsers(Map<String, String> meta, String key, Annotations.Found found, Annotations to) {
        if (!KEY.matcher(key).matches()) {
            dropped(to, found.field(), key, "a key has letters, digits, - and _ only, at most 128");
        } else if (key.startsWith("consul-")) {
            dropped(to, found.field(), key, "keys with the prefix consul- are reserved by Consul");
        } else if (ours(key) || meta.containsKey(key)) {
            dropped(to, found.field(), key, "the key is one that Bailey sets itself");
        } else if (found.value().getBytes(UTF_8).length > MAX_VALUE) {
            dropped(to, found.field(), key, "a value has at most " + MAX_VALUE + " bytes");
        } else if (full(meta)) {
            dropped(to, found.field(), key, "Consul keeps at most " + MAX_PAIRS + " pairs");
        } else {
            meta.put(key, found.value());
            to.notes().note("meta " + key, found::value, () -> to.by(found));
        }
    }

    private static boolean ours(String key) {
        return key.equals(Marks.POD) || key.equals(Marks.NODE) || key.equals(ZONE);
    }

    private static boolean full(Map<String, String> meta) {
        return meta.size() >= MAX_PAIRS - INSTANCE_PAIRS;
    }

    private static void dropped(Annotations to, String field, String key, String why) {
        to.report(Finding.Kind.DROPPED_META, field, key, why + "; this pair is dropped");
    }
}
