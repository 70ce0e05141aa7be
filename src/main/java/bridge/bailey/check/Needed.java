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

    Needed {
        verbs = List.copyOf(verbs);
    }

    /** What the features that are enabled use: no more, so that the least RBAC passes. */
    static List<Needed> by(BaileyConfig config, String leaseNamespace) {
        boolean export = config.export().enabled();
        boolean legacy = config.legacy().enabled();
        List<Needed> all = new ArrayList<>();
        if (export || legacy) {
            all.add(of("", "services", legacy ? "get,list,watch,create,update,delete" : "list,watch"));
            all.add(of(
                    "discovery.k8s.io", "endpointslices", legacy ? "list,watch,create,update,delete" : "list,watch"));
            all.add(of("", "events", "create"));
        }
        if (export) {
            all.add(of("", "nodes", "list,watch"));
        }
        if (export && config.export().ingress()) {
            all.add(of("networking.k8s.io", "ingresses", "list,watch"));
        }
        if (legacy && config.legacy().resources()) {
            all.add(ofLegacyServices("", List.of("get", "list", "watch")));
            all.add(ofLegacyServices("status", List.of("update")));
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

    private static Needed of(String group, String resource, String verbs) {
        return new Needed(group, V1, resource, "", "", "", List.of(verbs.split(",", -1)), "");
    }

    private static Needed ofLegacyServices(String subresource, List<String> verbs) {
        return new Needed(
                LegacyService.GROUP, LegacyService.VERSION, LegacyService.PLURAL, subresource, "", "", verbs, "");
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
