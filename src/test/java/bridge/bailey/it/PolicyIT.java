package bridge.bailey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import bridge.bailey.consul.Backoff;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.consul.Rule;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.model.CatalogEntry.Status;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.source.ConsulDiscovery;
import bridge.bailey.target.TargetException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The documented policy of Consul, rule by rule: with all of them everything works; without one, or with a weaker one,
 * something does not, and says which it needs.
 */
class PolicyIT {

    private static final Pattern RULE =
            Pattern.compile("(\\w+) \"([^\"]*)\" \\{\\s*policy = \"(\\w+)\"\\s*}", Pattern.DOTALL);
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private static LocalConsul consul;

    @BeforeAll
    static void startConsul() {
        consul = LocalConsul.startWithAcl();
        consul.put(
                "catalog/register",
                """
                {"Node": "legacy-1", "Address": "10.0.0.1", "Service": {"ID": "b1", "Service": "billing"}}""");
    }

    @AfterAll
    static void stopConsul() {
        consul.close();
    }

    private static List<Rule> documented(String cluster) {
        String text = Acl.documented(cluster).replaceAll("(?m)^#.*$", "");
        List<Rule> rules = new ArrayList<>();
        Matcher matcher = RULE.matcher(text);
        while (matcher.find()) {
            rules.add(new Rule(matcher.group(1), matcher.group(2), matcher.group(3)));
        }
        assertThat(RULE.matcher(text).replaceAll("")).as("what is no rule").isBlank();
        return rules;
    }

    /** A rule that is taken away, what takes its place, and what is missing then. */
    record Case(int rule, String instead, List<String> needs) {
        @Override
        public String toString() {
            return documented("CLUSTER").get(rule) + (instead.isEmpty() ? " taken away" : " made " + instead);
        }
    }

    static Stream<Case> weaker() {
        List<List<String>> needs = List.of(
                List.of("node \"k8s-CLUSTER\" { policy = \"write\" }"),
                List.of("service \"CLUSTER-users\" { policy = \"write\" }"),
                List.of("key \"bailey/CLUSTER/leader\" { policy = \"write\" }"),
                List.of("node \"vm-CLUSTER-i-1\" { policy = \"write\" }"),
                List.of("node_prefix \"\" { policy = \"read\" }"));
        List<Case> cases = new ArrayList<>();
        List<Rule> rules = documented("CLUSTER");
        for (int i = 0; i < rules.size(); i++) {
            cases.add(new Case(i, "", needs.get(i)));
            if (rules.get(i).policy().equals("write")) {
                cases.add(new Case(i, "read", needs.get(i)));
            }
        }
        return cases.stream();
    }

    @Test
    void theWholePolicyIsEnough() throws ConsulException {
        String cluster = "whole";
        assertThat(trouble(cluster, documented(cluster))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("weaker")
    void withAWeakerPolicySomethingFailsAndSaysWhatItNeeds(Case weaker) throws ConsulException {
        String cluster = "weaker-" + COUNTER.incrementAndGet();
        List<Rule> rules = new ArrayList<>(documented(cluster));
        Rule rule = rules.remove(weaker.rule());
        if (!weaker.instead().isEmpty()) {
            rules.add(new Rule(rule.resource(), rule.name(), weaker.instead()));
        }

        List<String> trouble = trouble(cluster, rules);

        assertThat(trouble).isNotEmpty();
        assertThat(String.join("\n", trouble))
                .contains(weaker.needs().stream()
                        .map(text -> text.replace("CLUSTER", cluster))
                        .toList());
    }

    /** Does with these rules all that Bailey does with Consul; returns what was told of that which failed. */
    private static List<String> trouble(String cluster, List<Rule> rules) throws ConsulException {
        Acl acl = new Acl(consul);
        String text = rules.stream().map(Rule::toString).collect(Collectors.joining("\n"));
        String token = acl.token(acl.policy(cluster, text)).secret();
        List<String> trouble = new ArrayList<>();
        try (Machines machines = new Machines(consul, cluster, token);
                ConsulHttp http = Machines.http(consul, token, (kind, status, seconds) -> {})) {
            machines.putPod("users", "10.1.0.1");
            machines.put("users", "i-1", "10.20.0.11", Status.PASSING);
            write(machines, trouble);
            machines.put("users", "i-1", "10.20.0.11", Status.CRITICAL);
            write(machines, trouble);
            machines.clear();
            write(machines, trouble);
            origin(http, trouble);
        }
        return trouble;
    }

    private static void write(Machines machines, List<String> trouble) {
        try {
            machines.tryFullPass().stream().filter(o -> !o.applied()).forEach(o -> trouble.add(o.message()));
        } catch (TargetException e) {
            trouble.add(e.getMessage());
        }
    }

    private static void origin(ConsulHttp http, List<String> trouble) {
        ConsulQuery query = new ConsulQuery("billing", "", List.of());
        Backoff backoff = new Backoff(100_000_000, 1_000_000_000, new Random(1));
        try (ConsulDiscovery discovery = new ConsulDiscovery(
                http, ConsulDiscovery.Timing.DEFAULT, backoff, InstantSource.system(), changed -> {})) {
            discovery.ask(Set.of(query));
            await().until(() -> discovery.answer(query).known()
                    || !discovery.answer(query).error().isEmpty());
            if (!discovery.answer(query).error().isEmpty()) {
                trouble.add(discovery.answer(query).error());
            }
        }
    }
}
