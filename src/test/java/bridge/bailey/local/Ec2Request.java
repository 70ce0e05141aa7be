package bridge.bailey.local;

import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query.Filter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A request of DescribeInstances, as the query protocol of EC2 writes it: a form with numbered names. */
public record Ec2Request(String action, int maxResults, String nextToken, List<Filter> filters) {

    private static final String TAG = "tag:";
    private static final int ALL = 1000;

    /** Reads the body of a request. */
    public static Ec2Request of(String body) {
        Map<String, String> form = new TreeMap<>();
        for (String pair : body.split("&", -1)) {
            String[] both = pair.split("=", 2);
            form.put(decoded(both[0]), both.length == 1 ? "" : decoded(both[1]));
        }
        return new Ec2Request(
                form.getOrDefault("Action", ""),
                Integer.parseInt(form.getOrDefault("MaxResults", Integer.toString(ALL))),
                form.getOrDefault("NextToken", ""),
                filters(form));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static List<Filter> filters(Map<String, String> form) {
        List<Filter> filters = new ArrayList<>();
        for (int i = 1; form.containsKey("Filter." + i + ".Name"); i++) {
            String prefix = "Filter." + i + ".Value.";
            List<String> values = Stream.iterate(1, n -> form.containsKey(prefix + n), n -> n + 1)
                    .map(n -> form.get(prefix + n))
                    .toList();
            filters.add(new Filter(form.get("Filter." + i + ".Name"), values));
        }
        return filters;
    }

    /** The first filter that is not known here. */
    Optional<String> unknown() {
        return filters.stream()
                .map(Filter::name)
                .filter(name -> !name.startsWith(TAG)
                        && !List.of("tag-key", "instance-state-name", "instance-id", "availability-zone")
                                .contains(name))
                .findFirst();
    }

    /** Whether an instance in this state matches all filters. */
    boolean matches(Ec2Instance instance, String state) {
        return filters.stream().allMatch(filter -> found(filter.name(), instance, state)
                .anyMatch(found -> filter.values().stream().anyMatch(value -> like(value, found))));
    }

    private static Stream<String> found(String name, Ec2Instance instance, String state) {
        return switch (name) {
            case "instance-state-name" -> Stream.of(state);
            case "instance-id" -> Stream.of(instance.id());
            case "availability-zone" -> Stream.of(instance.zone());
            case "tag-key" -> instance.tags().keySet().stream();
            default -> Stream.ofNullable(instance.tags().get(name.substring(TAG.length())));
        };
    }

    /** Stars and question marks are wildcards. */
    private static boolean like(String pattern, String text) {
        String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.matches(regex, text);
    }
}
