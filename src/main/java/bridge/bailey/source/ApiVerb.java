package bridge.bailey.source;

import java.util.Arrays;
import java.util.List;

/** What a request to the API server does, as its own metrics and permissions call it. */
final class ApiVerb {

    static final String WATCH = "watch";

    private static final String GET = "get";

    private ApiVerb() {}

    /**
     * The verb of a request.
     *
     * @param uri its path, with its query if it has one
     */
    static String of(String method, String uri) {
        return switch (method) {
            case "GET" -> read(uri);
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "other";
        };
    }

    private static String read(String uri) {
        String[] parts = uri.split("\\?", 2);
        if (parts.length > 1 && Arrays.asList(parts[1].split("&")).contains("watch=true")) {
            return WATCH;
        }
        return isCollection(parts[0]) ? "list" : GET;
    }

    /** {@code /api/v1} or {@code /apis/group/version}, then perhaps {@code namespaces/name}, then a resource without a name. */
    private static boolean isCollection(String path) {
        List<String> words =
                Arrays.stream(path.split("/")).filter(word -> !word.isEmpty()).toList();
        int api = words.indexOf("api");
        int apis = words.indexOf("apis");
        int resource = apis >= 0 ? apis + 3 : api >= 0 ? api + 2 : words.size();
        boolean inNamespace = resource + 2 < words.size() && words.get(resource).equals("namespaces");
        return words.size() - resource - (inNamespace ? 2 : 0) == 1;
    }
}
