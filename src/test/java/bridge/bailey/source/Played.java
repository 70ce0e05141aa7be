package bridge.bailey.source;

import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.Health;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.Verdict;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the other systems say in a golden case: the document that begins with {@code played:}. What is not there never
 * answered.
 */
record Played(List<Ec2> ec2, List<Ec2> tags, List<Consul> consul, List<Told> verdicts) {

    private static final Instant LAST_SUCCESS = Instant.parse("2026-11-23T07:59:30Z");
    private static final Instant SINCE = Instant.parse("2026-11-23T07:00:00Z");

    static final Played NOTHING = new Played(null, null, null, null);

    Played {
        ec2 = orNone(ec2);
        tags = orNone(tags);
        consul = orNone(consul);
        verdicts = orNone(verdicts);
    }

    /** The document as a whole. */
    record Document(Played played) {}

    /** What EC2 answers to the query for a region; without instances it never did. */
    record Ec2(String region, String role, List<Machine> instances, String error) {
        boolean answers(Ec2Query query) {
            return query.region().equals(region) && query.role().equals(orEmpty(role));
        }

        Answer<Ec2Instance> answer(String origin) {
            return Played.answer(
                    origin,
                    instances == null
                            ? null
                            : instances.stream().map(Machine::read).toList(),
                    error);
        }
    }

    /** A machine as EC2 tells of it. */
    record Machine(
            String id,
            @JsonProperty("private") String privateAddress,
            @JsonProperty("public") String publicAddress,
            String ipv6,
            String zone,
            boolean stopping,
            Map<String, String> tags) {
        Ec2Instance read() {
            return new Ec2Instance(
                    id,
                    orEmpty(privateAddress),
                    orEmpty(publicAddress),
                    orEmpty(ipv6),
                    orEmpty(zone),
                    stopping,
                    tags == null ? Map.of() : tags);
        }
    }

    /** What Consul answers to the query for a service; without instances it never did. */
    record Consul(String service, List<Instance> instances, String error) {
        Answer<ConsulInstance> answer(String origin) {
            return Played.answer(
                    origin,
                    instances == null
                            ? null
                            : instances.stream().map(Instance::read).toList(),
                    error);
        }
    }

    /** An instance as Consul tells of it. */
    record Instance(String id, String address, int port, String zone, String health, String why) {
        ConsulInstance read() {
            return new ConsulInstance(
                    id, address, port, orEmpty(zone), Played.health(orEmpty(health, "healthy")), orEmpty(why));
        }
    }

    /** What the probes of a target have come to. */
    record Told(String address, int port, String health, String reason, boolean suspected) {
        Verdict verdict() {
            Health counts = Played.health(health);
            return new Verdict(
                    counts,
                    suspected ? Health.UNHEALTHY : counts,
                    Optional.of(SINCE),
                    orEmpty(reason),
                    suspected,
                    List.of());
        }
    }

    private static <I> Answer<I> answer(String origin, List<I> instances, String error) {
        boolean known = instances != null;
        return new Answer<>(
                origin,
                true,
                known,
                known ? instances : List.of(),
                known ? Optional.of(LAST_SUCCESS) : Optional.empty(),
                orEmpty(error));
    }

    private static Health health(String text) {
        return Health.valueOf(text.toUpperCase(Locale.ROOT));
    }

    Answer<Ec2Instance> answer(Ec2Query query) {
        return ec2.stream()
                .filter(some -> some.answers(query))
                .findFirst()
                .map(some -> some.answer(query.origin()))
                .orElseGet(() -> Answer.none(query.origin()));
    }

    Answer<ConsulInstance> answer(ConsulQuery query) {
        return consul.stream()
                .filter(some -> some.service().equals(query.service()))
                .findFirst()
                .map(some -> some.answer(query.origin()))
                .orElseGet(() -> Answer.none(query.origin()));
    }

    /** What the queries for tagged machines are answered. */
    List<Answer<Ec2Instance>> tagged() {
        return tags.stream().map(some -> some.answer("ec2/" + some.region())).toList();
    }

    Map<ProbeTarget, Verdict> told() {
        Map<ProbeTarget, Verdict> all = new HashMap<>();
        verdicts.forEach(v -> all.put(new ProbeTarget(v.address(), v.port()), v.verdict()));
        return all;
    }

    private static <V> List<V> orNone(List<V> list) {
        return Objects.requireNonNullElse(list, List.of());
    }

    private static String orEmpty(String text) {
        return orEmpty(text, "");
    }

    private static String orEmpty(String text, String otherwise) {
        return Objects.requireNonNullElse(text, otherwise);
    }
}
