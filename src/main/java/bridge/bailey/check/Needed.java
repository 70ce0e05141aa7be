package bridge.bailey.check;

import bridge.bailey.config.BaileyConfig;
import bridge.bailey.crd.LegacyService;
import java.util.ArrayList;
import java.util.List;

/**
 * What Bailey does with one resource of the Kubernetes API.
 *
 * @param group "" for the core
 * @param subresource "" for the resource itself
 * @param namespace "" for all of them
 * @param name of the only object, or "" for all of them
 * @param lacking what Bailey goes without where it is not allowed; "" if a feature that is enabled does not work then
 */
record Needed(
        String group,
        String version,
        String resource,
        String subresource,
        String namespace,
        String name,
        List<String> verbs,
        String lacking) {

    private static final String V1 = "v1";
    private static final String SLICES = "discovery.k8s.io";
    private static final String READ = "list,watch";
    private static final List<String> ORDER = List.of("get", "list", "watch", "create", "update", "delete");

    Needed {
        verbs = List.copyOf(verbs);
    }

    /** What the features that are enabled use: no more, so that the least RBAC passes. */
    static List<Needed> by(BaileyConfig config, String leaseNamespace) {
        boolean export = config.export().enabled();
        boolean legacy = config.legacy().enabled();
        List<Needed> all = new ArrayList<>();
        if (legacy) {
            all.addAll(written(config.legacy(), "", "services", "", "get,create,update,delete"));
            all.addAll(written(config.legacy(), SLICES, "endpointslices", "", "create,update,delete"));
        } else if (export) {
            all.add(of("", "services", READ));
            all.add(of(SLICES, "endpointslices", READ));
        }
        if (export || legacy) {
            all.add(of("", "events", "create"));
        }
        if (export) {
            all.add(of("", "nodes", READ));
        }
        if (export && config.export().ingress()) {
            all.add(of("networking.k8s.io", "ingresses", READ));
        }
        if (legacy && config.legacy().resources()) {
            all.addAll(written(config.legacy(), LegacyService.GROUP, LegacyService.PLURAL, "", "get"));
            all.addAll(written(config.legacy(), LegacyService.GROUP, LegacyService.PLURAL, "status", "update"));
        }
        if (config.leader().enabled()) {
            all.add(new Needed(
                    "coordination.k8s.io",
                    V1,
                    "leases",
                    "",
                    leaseNamespace,
                    "",
                    List.of("get", "list", "watch", "create", "update"),
                    ""));
        }
        if (export) {
            all.add(new Needed(
                    "",
                    V1,
                    "namespaces",
                    "",
                    "",
                    "kube-system",
                    List.of("get"),
                    "two clusters that feed one Consul under one name can't be told apart"));
        }
        return all;
    }

    /** What is read everywhere, and written where mirrors are made: everywhere too, unless the namespaces are named. */
    private static List<Needed> written(
            BaileyConfig.Legacy legacy, String group, String resource, String subresource, String verbs) {
        String version = group.equals(LegacyService.GROUP) ? LegacyService.VERSION : V1;
        String read = subresource.isEmpty() ? READ : "";
        boolean everywhere = legacy.namespaces().stream().anyMatch(name -> name.matches(".*[*?].*"));
        if (everywhere) {
            return List.of(new Needed(group, version, resource, subresource, "", "", inOrder(read + "," + verbs), ""));
        }
        List<Needed> all = new ArrayList<>();
        if (!read.isEmpty()) {
            all.add(new Needed(group, version, resource, "", "", "", inOrder(read), ""));
        }
        legacy.namespaces().stream()
                .sorted()
                .map(namespace -> new Needed(group, version, resource, subresource, namespace, "", inOrder(verbs), ""))
                .forEach(all::add);
        return all;
    }

    private static List<String> inOrder(String verbs) {
        List<String> asked = List.of(verbs.split(",", -1));
        return ORDER.stream().filter(asked::contains).toList();
    }

    private static Needed of(String group, String resource, String verbs) {
        return new Needed(group, V1, resource, "", "", "", List.of(verbs.split(",", -1)), "");
    }

    /** The resource as RBAC names it. */
    String path() {
        return resource + (subresource.isEmpty() ? "" : "/" + subresource);
    }

    /** With its group, and where. */
    String text() {
        return path()
                + (name.isEmpty() ? "" : " " + name)
                + (group.isEmpty() ? "" : " (" + group + ")")
                + (namespace.isEmpty() ? "" : " in namespace " + namespace);
    }

    /** The rule of a Role or ClusterRole that allows all of it. */
    String rule() {
        return "- {apiGroups: [\"" + group + "\"], resources: [" + path() + "], "
                + (name.isEmpty() ? "" : "resourceNames: [" + name + "], ") + "verbs: [" + String.join(", ", verbs)
                + "]}  # among the rules of Bailey's " + (namespace.isEmpty() ? "ClusterRole" : "Role in " + namespace);
    }
}
