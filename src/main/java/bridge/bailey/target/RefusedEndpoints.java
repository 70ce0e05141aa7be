package bridge.bailey.target;

import bridge.bailey.model.MirrorEndpoint;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which endpoints of a slice the API server, or an admission plugin, will not have. */
final class RefusedEndpoints {

    private static final Pattern INDEX = Pattern.compile("endpoints\\[(\\d{1,9})]");

    private RefusedEndpoints() {}

    /** By the fields that the answer names, or else by the addresses in its text. */
    static List<MirrorEndpoint> in(KubernetesClientException failure, List<MirrorEndpoint> endpoints) {
        Set<Integer> indexes = new TreeSet<>();
        Optional.ofNullable(failure.getStatus())
                .map(status -> status.getDetails())
                .map(details -> details.getCauses())
                .orElse(List.of())
                .forEach(cause -> addIndexes(indexes, cause));
        List<MirrorEndpoint> found = new ArrayList<>();
        indexes.stream().filter(i -> i < endpoints.size()).forEach(i -> found.add(endpoints.get(i)));
        if (found.isEmpty()) {
            String message = ApiFailures.messageOf(failure);
            endpoints.stream().filter(e -> names(message, e.address())).forEach(found::add);
        }
        return found;
    }

    private static void addIndexes(Set<Integer> indexes, StatusCause cause) {
        Matcher matcher = INDEX.matcher(String.valueOf(cause.getField()));
        while (matcher.find()) {
            indexes.add(Integer.parseInt(matcher.group(1)));
        }
    }

    /** As a whole: 10.0.0.1 is not named by 10.0.0.12. */
    private static boolean names(String message, String address) {
        return Pattern.compile("(?<![0-9a-fA-F.:])" + Pattern.quote(address) + "(?![0-9a-fA-F:]|\\.[0-9])")
                .matcher(message)
                .find();
    }
}
