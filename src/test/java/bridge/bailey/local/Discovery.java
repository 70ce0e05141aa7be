package bridge.bailey.local;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What kubectl reads to learn which resources there are, and that it need not validate what it sends. */
final class Discovery {

    private record Resource(String group, String version, String plural, String kind, String shortName) {}

    private static final List<Resource> RESOURCES = List.of(
            new Resource("", "v1", "services", "Service", "svc"),
            new Resource("", "v1", "events", "Event", "ev"),
            new Resource("", "v1", "nodes", "Node", "no"),
            new Resource("", "v1", "namespaces", "Namespace", "ns"),
            new Resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", "eps"),
            new Resource("coordination.k8s.io", "v1", "leases", "Lease", "lease"),
            new Resource("networking.k8s.io", "v1", "ingresses", "Ingress", "ing"),
            new Resource("bailey.bridge", "v1alpha1", "legacyservices", "LegacyService", "lsvc"));

    static Map<String, Object> documents() {
        Map<String, Object> all = new HashMap<>();
        all.put("/version", Map.of("major", "1", "minor", "33", "gitVersion", "v1.33.0-local"));
        all.put("/api", Map.of("kind", "APIVersions", "versions", List.of("v1")));
        Map<String, List<Map<String, Object>>> byVersion = new LinkedHashMap<>();
        RESOURCES.forEach(r ->
                byVersion.computeIfAbsent(version(r), v -> new ArrayList<>()).add(resource(r)));
        List<Object> groups = new ArrayList<>();
        byVersion.forEach((version, resources) -> {
            all.put(
                    version.contains("/") ? "/apis/" + version : "/api/" + version,
                    Map.of(
                            "kind",
                            "APIResourceList",
                            "apiVersion",
                            "v1",
                            "groupVersion",
                            version,
                            "resources",
                            resources));
            if (version.contains("/")) {
                Map<String, String> one =
                        Map.of("groupVersion", version, "version", version.substring(version.indexOf('/') + 1));
                groups.add(Map.of(
                        "name", version.substring(0, version.indexOf('/')),
                        "versions", List.of(one),
                        "preferredVersion", one));
            }
        });
        all.put("/apis", Map.of("kind", "APIGroupList", "apiVersion", "v1", "groups", groups));
        all.put("/openapi/v3", Map.of("paths", openApi(all, byVersion.keySet())));
        return all;
    }

    /** kubectl leaves validation to a server whose documents name the parameter fieldValidation. */
    private static Map<String, Object> openApi(Map<String, Object> all, Set<String> versions) {
        Map<String, Object> paths = new HashMap<>();
        for (String version : versions) {
            String root = (version.contains("/") ? "apis/" : "api/") + version;
            paths.put(root, Map.of("serverRelativeURL", "/openapi/v3/" + root));
            Map<String, Object> patches = new HashMap<>();
            RESOURCES.stream().filter(r -> version(r).equals(version)).forEach(r -> {
                Map<String, Object> patch = Map.of(
                        "x-kubernetes-action", "patch",
                        "x-kubernetes-group-version-kind",
                                Map.of("group", r.group(), "version", r.version(), "kind", r.kind()),
                        "parameters", List.of(Map.of("name", "fieldValidation", "in", "query")),
                        "responses", Map.of());
                patches.put("/" + root + "/" + r.plural() + "/{name}", Map.of("patch", patch));
            });
            all.put(
                    "/openapi/v3/" + root,
                    Map.of(
                            "openapi",
                            "3.0.0",
                            "info",
                            Map.of("title", "local", "version", "1"),
                            "paths",
                            patches,
                            "components",
                            Map.of("schemas", Map.of())));
        }
        return paths;
    }

    private static String version(Resource resource) {
        return resource.group().isEmpty() ? resource.version() : resource.group() + "/" + resource.version();
    }

    private static Map<String, Object> resource(Resource r) {
        boolean namespaced = !r.kind().equals("Node") && !r.kind().equals("Namespace");
        return Map.of(
                "name", r.plural(),
                "singularName", r.kind().toLowerCase(Locale.ROOT),
                "namespaced", namespaced,
                "kind", r.kind(),
                "shortNames", List.of(r.shortName()),
                "verbs", List.of("get", "list", "create", "update", "patch", "delete"));
    }
}
