package bridge.bailey.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Consul's DNS: what legacy hosts find, compared with what Bailey says that it registered. */
final class ConsulSteps {

    /** A smoke test is to end in seconds. */
    private static final int MOST = 20;

    /** The id of an entry ends with address and port. */
    private static final Pattern ADDRESS = Pattern.compile(".*/(?:\\[([0-9a-fA-F:.]+)]|([0-9.]+)):[0-9]+(?:[^/]*)");

    private final Target target;
    private final DnsServer dns;
    private final Set<String> chosen;

    /**
     * Makes the steps.
     *
     * @param chosen names in Consul; empty for all that Bailey has
     */
    ConsulSteps(Target target, DnsServer dns, Set<String> chosen) {
        this.target = target;
        this.dns = dns;
        this.chosen = Set.copyOf(chosen);
    }

    /** For a service that is no Bailey: whether the names that were given lead anywhere. */
    List<Step> ofNames() {
        return new TreeSet<>(chosen)
                .stream()
                        .map(name -> new Step("dns " + name, () -> {
                            Set<String> addresses = dns.addresses(host(name));
                            if (addresses.isEmpty()) {
                                throw Failure.passing(host(name) + " has no address");
                            }
                            return Seen.well(counted(addresses.size()));
                        }))
                        .toList();
    }

    /** One for each name, the first of them if they are many. */
    List<Step> ofBailey() throws InterruptedException {
        Map<String, List<String>> names;
        try {
            names = names();
        } catch (Failure e) {
            return List.of(new Step("dns", () -> {
                throw e;
            }));
        }
        List<Step> steps = new ArrayList<>();
        for (String wanted : new TreeSet<>(chosen)) {
            if (!names.containsKey(wanted)) {
                steps.add(new Step("dns " + wanted, () -> {
                    throw Failure.lasting("Bailey exports no service of this name");
                }));
            }
        }
        names.entrySet().stream()
                .filter(name -> chosen.isEmpty() || chosen.contains(name.getKey()))
                .limit(chosen.isEmpty() ? MOST : Long.MAX_VALUE)
                .forEach(name ->
                        steps.add(new Step("dns " + name.getKey(), () -> compare(name.getKey(), name.getValue()))));
        if (steps.isEmpty()) {
            steps.add(new Step("dns", () -> Seen.nothing("nothing is exported")));
        } else if (chosen.isEmpty() && names.size() > MOST) {
            steps.add(new Step(
                    "dns",
                    () -> Seen.nothing((names.size() - MOST) + " more names were not compared: SERVICES chooses")));
        }
        return steps;
    }

    /** The names in Consul, each with the services that share it. */
    private Map<String, List<String>> names() throws Failure, InterruptedException {
        Map<String, List<String>> names = new TreeMap<>();
        for (JsonNode service : target.get("/api/services").ok().json().path("services")) {
            String name = service.path("consulName").asText("");
            if (!name.isEmpty()) {
                names.computeIfAbsent(name, n -> new ArrayList<>())
                        .add(service.path("namespace").asText() + "/"
                                + service.path("name").asText());
            }
        }
        return names;
    }

    private Seen compare(String name, List<String> services) throws Failure, InterruptedException {
        Set<String> serving = new TreeSet<>();
        Set<String> critical = new TreeSet<>();
        for (String service : services) {
            JsonNode detail = target.get("/api/services/" + service).ok().json();
            for (JsonNode instance : detail.path("instances")) {
                for (JsonNode became : instance.path("became")) {
                    held(became).ifPresent(address -> (isCritical(became) ? critical : serving).add(address));
                }
            }
        }
        critical.removeAll(serving);
        return judge(host(name), dns.addresses(host(name)), serving, critical);
    }

    private static Seen judge(String host, Set<String> found, Set<String> serving, Set<String> critical)
            throws Failure {
        Set<String> missing = new TreeSet<>(serving);
        missing.removeAll(found);
        if (!missing.isEmpty()) {
            throw Failure.passing(
                    host + " lacks " + String.join(", ", missing) + ", which Bailey says is registered and serves");
        }
        Set<String> dead = new TreeSet<>(critical);
        dead.retainAll(found);
        if (!dead.isEmpty()) {
            throw Failure.passing(host + " has " + String.join(", ", dead)
                    + ", which Bailey says is critical: does a resolver keep answers?");
        }
        int others = found.size() - serving.size();
        if (serving.isEmpty() && found.isEmpty()) {
            return Seen.nothing("no instance serves at an address, and none is answered");
        }
        return Seen.well(counted(found.size()) + (others > 0 ? ", " + others + " of them not Bailey's" : ""));
    }

    /** The address of an entry that is in Consul; empty for what is not, and for host names. */
    private static Optional<String> held(JsonNode became) {
        Matcher id = ADDRESS.matcher(became.path("name").asText());
        if (!became.path("in").asText().equals("consul")
                || !became.path("how").asText().equals("held")
                || !id.matches()) {
            return Optional.empty();
        }
        try {
            String address = Optional.ofNullable(id.group(1)).orElse(id.group(2));
            return Optional.of(InetAddress.getByName(address).getHostAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static boolean isCritical(JsonNode became) {
        return became.path("why").asText().startsWith("critical");
    }

    private static String host(String name) {
        return name + ".service.consul";
    }

    private static String counted(int addresses) {
        return addresses == 1 ? "1 address" : addresses + " addresses";
    }
}
