package bridge.bailey.deploy;

import bridge.bailey.local.ApiCall;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What Bailey's service account may do, one verb on one resource each. */
public final class Grants {

    private static final String ANYWHERE = "*";
    private static final String ACCOUNT = "bailey";
    private static final Set<String> ROLES = Set.of("Role", "ClusterRole");

    /**
     * What {@code check} and {@code adopt} ask for, and do without: they say so, and nothing that Bailey bridges depends on it. A
     * review of one's own permissions is open to whoever has an account.
     */
    private static final Set<String> DISPENSABLE = Set.of(
            "create selfsubjectaccessreviews.authorization.k8s.io",
            "get customresourcedefinitions.apiextensions.k8s.io",
            "list deployments.apps",
            "get endpoints ");

    /**
     * One permission.
     *
     * @param namespace where it counts; {@code *} for everywhere
     * @param name of the only object that it is about; "" for all
     */
    public record Grant(String verb, String group, String resource, String namespace, String name) {

        boolean covers(ApiCall call) {
            return verb.equals(call.verb())
                    && group.equals(call.group())
                    && resource.equals(call.resource())
                    && (namespace.equals(ANYWHERE) || namespace.equals(call.namespace()))
                    && (name.isEmpty() || name.equals(call.name()));
        }
    }

    private final List<Grant> all;

    private Grants(List<Grant> all) {
        this.all = List.copyOf(all);
    }

    /** What is bound to Bailey's account by what is rendered. */
    public static Grants of(Rendered rendered) {
        List<Grant> all = new ArrayList<>();
        Stream.concat(rendered.all("RoleBinding").stream(), rendered.all("ClusterRoleBinding").stream())
                .filter(Grants::isBaileys)
                .forEach(binding -> all.addAll(granted(rendered, binding)));
        return new Grants(all);
    }

    private static boolean isBaileys(JsonNode binding) {
        return StreamSupport.stream(binding.path("subjects").spliterator(), false)
                .anyMatch(subject -> subject.path("kind").asText().equals("ServiceAccount")
                        && subject.path("name").asText().equals(ACCOUNT)
                        && subject.path("namespace").asText().equals(ACCOUNT));
    }

    private static List<Grant> granted(Rendered rendered, JsonNode binding) {
        JsonNode ref = binding.get("roleRef");
        String namespace = Rendered.namespaceOf(binding);
        boolean clusterRole = ref.get("kind").asText().equals("ClusterRole");
        List<JsonNode> roles = rendered.all(ref.get("kind").asText()).stream()
                .filter(role -> Rendered.nameOf(role).equals(ref.get("name").asText())
                        && (clusterRole || Rendered.namespaceOf(role).equals(namespace)))
                .toList();
        if (roles.size() != 1) {
            throw new AssertionError(Rendered.titleOf(binding) + " refers to a role that is not there");
        }
        return granted(roles.get(0), namespace.isEmpty() ? ANYWHERE : namespace);
    }

    private static List<Grant> granted(JsonNode role, String namespace) {
        List<Grant> all = new ArrayList<>();
        for (JsonNode rule : role.path("rules")) {
            for (String verb : texts(rule.get("verbs"))) {
                for (String group : texts(rule.get("apiGroups"))) {
                    for (String resource : texts(rule.get("resources"))) {
                        List<String> names = texts(rule.path("resourceNames"));
                        (names.isEmpty() ? List.of("") : names)
                                .forEach(name -> all.add(new Grant(verb, group, resource, namespace, name)));
                    }
                }
            }
        }
        return all;
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** What some role in k8s/ grants, whatever is bound: all that Bailey may ever need. Consul's own account is not Bailey. */
    public static Grants anywhere() {
        return AnyRole.GRANTS;
    }

    /** Read once, when first asked for. */
    private static final class AnyRole {
        static final Grants GRANTS = read();

        private static Grants read() {
            try (Stream<Path> files = Files.walk(Path.of("k8s"))) {
                return new Grants(files.filter(f -> f.toString().endsWith(".yaml") && !f.startsWith("k8s/consul"))
                        .flatMap(f -> objects(f).stream())
                        .filter(o -> ROLES.contains(o.path("kind").asText()))
                        .flatMap(role -> granted(role, ANYWHERE).stream())
                        .toList());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static List<JsonNode> objects(Path file) {
            try {
                return Rendered.parse(Files.readString(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public List<Grant> all() {
        return all;
    }

    /** The calls that no grant covers. */
    public Set<ApiCall> lacking(Set<ApiCall> calls) {
        return calls.stream()
                .filter(call -> all.stream().noneMatch(grant -> grant.covers(call)))
                .filter(call ->
                        DISPENSABLE.stream().noneMatch(text -> call.toString().startsWith(text)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The grants that no call needs. */
    public Set<String> unused(Set<ApiCall> calls) {
        return all.stream()
                .filter(grant -> calls.stream().noneMatch(grant::covers))
                .map(Objects::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Fails if there is a call that is not granted. */
    public void checkAllowed(Set<ApiCall> calls) {
        Set<ApiCall> lacking = lacking(calls);
        if (!lacking.isEmpty()) {
            throw new AssertionError("No role in k8s/ lets Bailey " + lacking
                    + ". If it has to, add the permission to the file of its feature; if not, don't ask.");
        }
    }
}
