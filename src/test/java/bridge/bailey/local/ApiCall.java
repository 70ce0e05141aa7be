package bridge.bailey.local;

import io.fabric8.mockwebserver.dsl.HttpMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A request to the Kubernetes API, as RBAC sees it.
 *
 * @param group "" for the core
 * @param resource with its subresource, such as {@code legacyservices/status}
 * @param namespace "" where the request is about no namespace, or all of them
 * @param name of a namespace that is asked for; "" for all else, since no role of Bailey's goes by names
 */
public record ApiCall(String verb, String group, String resource, String namespace, String name)
        implements Comparable<ApiCall> {

    private static final String NAMESPACES = "namespaces";

    /** Empty for what is no resource: discovery and the version, which are open to whoever has an account. */
    static Optional<ApiCall> of(HttpMethod method, String uri) {
        String[] parts = uri.split("\\?", 2);
        List<String> words = new ArrayList<>(Arrays.stream(parts[0].split("/", -1))
                .filter(word -> !word.isEmpty())
                .toList());
        boolean grouped = !words.isEmpty() && words.get(0).equals("apis");
        int prefix = grouped ? 3 : 2;
        if (words.size() <= prefix || !(grouped || words.get(0).equals("api"))) {
            return Optional.empty();
        }
        String group = grouped ? words.get(1) : "";
        words.subList(0, prefix).clear();
        String namespace = "";
        if (words.size() > 2 && words.get(0).equals(NAMESPACES)) {
            namespace = words.get(1);
            words.subList(0, 2).clear();
        }
        boolean named = words.size() > 1;
        String query = parts.length > 1 ? parts[1] : "";
        return Optional.of(new ApiCall(
                verb(method, named, query.contains("watch=true")),
                group,
                words.get(0) + (words.size() > 2 ? "/" + words.get(2) : ""),
                namespace,
                named && words.get(0).equals(NAMESPACES) ? words.get(1) : ""));
    }

    private static String verb(HttpMethod method, boolean named, boolean watch) {
        return switch (method) {
            case GET -> watch ? "watch" : named ? "get" : "list";
            case POST -> "create";
            case PUT -> "update";
            case PATCH -> "patch";
            case DELETE -> named ? "delete" : "deletecollection";
            default -> method.toString();
        };
    }

    @Override
    public String toString() {
        return verb + " " + resource + (group.isEmpty() ? "" : "." + group)
                + (namespace.isEmpty() ? "" : " in " + namespace)
                + (name.isEmpty() ? "" : " " + name);
    }

    @Override
    public int compareTo(ApiCall other) {
        return toString().compareTo(other.toString());
    }
}
