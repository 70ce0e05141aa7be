package bridge.bailey.target;

import bridge.bailey.crd.LegacyServiceStatus;
import bridge.bailey.crd.LegacyServiceStatus.Condition;
import bridge.bailey.crd.LegacyServiceStatus.ConditionStatus;
import bridge.bailey.model.LegacyStatus;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Compares the status that a resource has with the one it should have. A condition that holds as before keeps its time; of
 * an origin that answers, the time of its last answer alone is no reason to write. Fields that a newer Bailey wrote stay.
 */
final class LegacyStatusJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_ORIGINS = 64;
    private static final int LONGEST_TEXT = 1024;

    private LegacyStatusJson() {}

    /** The status to write; empty if the resource has it already. */
    static Optional<Map<String, Object>> changed(GenericKubernetesResource current, LegacyStatus wanted) {
        Object status = current.getAdditionalProperties().get("status");
        LegacyServiceStatus before = read(status);
        LegacyServiceStatus after = status(wanted, before);
        if (comparable(before).equals(comparable(after))) {
            return Optional.empty();
        }
        Map<String, Object> merged = new LinkedHashMap<>();
        if (status instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> merged.put(String.valueOf(name), value));
        }
        merged.putAll(JSON.convertValue(after, new TypeReference<Map<String, Object>>() {}));
        return Optional.of(merged);
    }

    /** What can't be read is written anew. */
    private static LegacyServiceStatus read(Object status) {
        LegacyServiceStatus none = new LegacyServiceStatus(null, null, null, null, null, null, null);
        try {
            return status == null ? none : JSON.convertValue(status, LegacyServiceStatus.class);
        } catch (IllegalArgumentException e) {
            return none;
        }
    }

    private static LegacyServiceStatus comparable(LegacyServiceStatus status) {
        return new LegacyServiceStatus(
                status.observedGeneration(),
                status.service(),
                status.ready(),
                status.originNames(),
                status.instances(),
                status.origins() == null
                        ? null
                        : status.origins().stream()
                                .map(LegacyStatusJson::comparable)
                                .toList(),
                status.conditions());
    }

    private static LegacyServiceStatus.OriginStatus comparable(LegacyServiceStatus.OriginStatus origin) {
        return origin == null || (origin.error() != null && !origin.error().isEmpty())
                ? origin
                : new LegacyServiceStatus.OriginStatus(origin.origin(), origin.instances(), null, origin.error());
    }

    private static LegacyServiceStatus status(LegacyStatus wanted, LegacyServiceStatus before) {
        return new LegacyServiceStatus(
                wanted.observedGeneration(),
                wanted.service(),
                wanted.ready(),
                wanted.originNames(),
                wanted.instances().stream()
                        .limit(LegacyStatus.MOST_INSTANCES)
                        .map(LegacyStatusJson::instance)
                        .toList(),
                wanted.origins().stream()
                        .limit(MOST_ORIGINS)
                        .map(origin -> new LegacyServiceStatus.OriginStatus(
                                origin.origin(),
                                origin.instances(),
                                origin.lastSuccess().map(LegacyStatusJson::time).orElse(null),
                                cut(origin.error())))
                        .toList(),
                wanted.conditions().stream()
                        .map(condition -> condition(condition, wanted.observedGeneration(), before.conditions()))
                        .toList());
    }

    private static LegacyServiceStatus.Instance instance(LegacyStatus.Instance instance) {
        return new LegacyServiceStatus.Instance(
                instance.id(),
                instance.address(),
                instance.origin(),
                instance.zone(),
                instance.state().toString(),
                instance.since().map(LegacyStatusJson::time).orElse(null),
                cut(instance.reason()));
    }

    private static Condition condition(LegacyStatus.Condition wanted, long generation, List<Condition> before) {
        ConditionStatus holds =
                switch (wanted.holds()) {
                    case TRUE -> ConditionStatus.True;
                    case FALSE -> ConditionStatus.False;
                    case UNKNOWN -> ConditionStatus.Unknown;
                };
        String since = (before == null ? List.<Condition>of() : before)
                .stream()
                        .filter(Objects::nonNull)
                        .filter(known -> wanted.type().equals(known.type()) && known.status() == holds)
                        .map(Condition::lastTransitionTime)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseGet(() -> time(wanted.since()));
        return new Condition(wanted.type(), holds, wanted.reason(), cut(wanted.message()), since, generation);
    }

    /** As times are written in Kubernetes. */
    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String cut(String text) {
        return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text;
    }
}
