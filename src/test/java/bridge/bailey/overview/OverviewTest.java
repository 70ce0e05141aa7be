package bridge.bailey.overview;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.LegacyWorlds;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.Source;
import bridge.bailey.view.CutoverRules;
import bridge.bailey.view.Scene;
import bridge.bailey.view.Seen;
import bridge.bailey.view.ServiceView;
import bridge.bailey.view.Tally;
import bridge.bailey.view.Views;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OverviewTest {

    private static final String FLOW = "to-consul";
    private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");
    private static final ServiceKey KEY = Scene.KEY;
    private static final ServiceKey OTHER = new ServiceKey("shop", "other");

    private Instant now = START;
    private Scene scene = Scene.of("rr", "hh");
    private Optional<ServiceKey> broken = Optional.empty();
    private Optional<Double> away = Optional.empty();
    private Set<String> silent = Set.of();
    private final List<Set<ServiceKey>> asked = new ArrayList<>();
    private final AtomicInteger told = new AtomicInteger();
    private final Overview overview = new Overview(
            new Views(LegacyWorlds.RULES, new CutoverRules(Duration.ofMinutes(10), Duration.ofMinutes(1))),
            Duration.ofSeconds(60),
            () -> now);

    private final Overview.Reader reader = new Overview.Reader() {
        @Override
        public Map<ServiceKey, Seen> read(Set<ServiceKey> keys) {
            asked.add(keys);
            if (broken.filter(keys::contains).isPresent()) {
                throw new IllegalStateException("broken");
            }
            Map<ServiceKey, Seen> all = new HashMap<>();
            keys.forEach(key -> {
                Seen seen = (key.equals(KEY) ? scene : Scene.of(null, null)).seen();
                all.put(key, new Seen(key, seen.toConsul(), seen.toKubernetes(), Map.of()));
            });
            return all;
        }

        @Override
        public List<Source.Part> parts() {
            return List.of(new Source.Part("nodes", away.isEmpty(), away.orElse(0.0), Optional.empty()));
        }

        @Override
        public Set<String> unanswered() {
            return silent;
        }
    };

    @BeforeEach
    void begin() {
        overview.readFrom(reader);
        overview.listen(told::incrementAndGet);
    }

    @AfterEach
    void end() {
        overview.close();
    }

    /** As long as it takes until time is looked at, too. */
    private void steps() {
        for (int i = 0; i < 5; i++) {
            overview.step();
        }
    }

    private void become(Scene next) {
        scene = next;
        overview.marked(FLOW, Set.of(KEY));
        overview.step();
    }

    @Test
    void onlyWhatWasMarkedIsLookedAtAndOnce() {
        overview.marked(FLOW, Set.of(KEY));
        overview.marked(FLOW, Set.of(KEY));

        steps();

        assertThat(asked).containsExactly(Set.of(KEY));
        assertThat(overview.services()).extracting(ServiceView::key).containsExactly(KEY);
    }

    @Test
    void whoListensIsToldOfChangesAlone() {
        become(Scene.of("rr", "hh"));
        become(Scene.of("rr", "hh"));
        assertThat(told).hasValue(1);

        become(Scene.of("rn", "hh"));
        assertThat(told).hasValue(2);
    }

    @Test
    void whatATargetHoldsIsStaleOnceItDidNotAnswerForLong() {
        become(Scene.of("rr", null));
        silent = Set.of(FLOW);
        steps();
        now = START.plusSeconds(59);
        steps();
        assertThat(overview.service(KEY).orElseThrow().stale()).isEmpty();

        now = START.plusSeconds(60);
        steps();
        steps();
        assertThat(overview.service(KEY).orElseThrow().stale()).containsExactly("target of to-consul");

        silent = Set.of();
        steps();
        steps();
        assertThat(overview.service(KEY).orElseThrow().stale()).isEmpty();
    }

    @Test
    void aServiceThatIsGoneGoes() {
        become(Scene.of("rr", "hh"));
        long version = overview.version();

        become(Scene.of(null, null));

        assertThat(overview.services()).isEmpty();
        assertThat(overview.detail(KEY)).isEmpty();
        assertThat(overview.since(version).removed()).containsExactly(KEY);
    }

    @Test
    void aServiceThatIsNotBridgedIsExplainedAllTheSame() {
        become(Scene.of("rr", null).notExported().holding(Scene.of(null, null)));

        assertThat(overview.services()).isEmpty();
        assertThat(overview.detail(KEY)).hasValueSatisfying(detail -> assertThat(detail.toConsul())
                .isEqualTo("not exported: annotation bailey.bridge/sync says false"));
    }

    @Test
    void aVerdictChangesWithTimeAlone() {
        become(Scene.of("rr", null));
        assertThat(overview.service(KEY).orElseThrow().verdict().reasons()).isNotEmpty();

        now = START.plus(Duration.ofMinutes(10));
        steps();
        steps();

        assertThat(overview.service(KEY).orElseThrow().verdict().reasons()).isEmpty();
        assertThat(told).hasValue(2);
    }

    @Test
    void aSourceThatIsAwayForTooLongMakesItsServicesStaleUntilItIsBack() {
        become(Scene.of("rr", null));

        away = Optional.of(59.0);
        steps();
        assertThat(overview.service(KEY).orElseThrow().stale()).isEmpty();

        away = Optional.of(60.0);
        steps();
        assertThat(overview.service(KEY).orElseThrow().stale()).containsExactly("nodes");
        assertThat(overview.away()).containsExactly("nodes");

        away = Optional.empty();
        steps();
        assertThat(overview.service(KEY).orElseThrow().stale()).isEmpty();
    }

    @Test
    void whatCouldNotBeViewedIsTriedAgainAndKeepsNoOtherFromBeingSeen() {
        broken = Optional.of(OTHER);
        overview.marked(FLOW, Set.of(KEY, OTHER));
        steps();
        assertThat(overview.services()).extracting(ServiceView::key).containsExactly(KEY);

        broken = Optional.empty();
        steps();
        assertThat(asked).endsWith(Set.of(OTHER));
    }

    @Test
    void whoeverFollowsTheDeltasSeesWhatThereIs() {
        Map<ServiceKey, Tally> followed = new HashMap<>();
        long[] version = {-1};
        for (String pods : List.of("r", "rr", "rn", "nn", "rrr")) {
            become(Scene.of(pods, null));
            follow(followed, version);
        }
        become(Scene.of(null, null));
        follow(followed, version);
        assertThat(followed).isEmpty();
        become(Scene.of("rd", null));
        follow(followed, version);

        assertThat(followed).isEqualTo(Map.of(KEY, new Tally(1, 0, 1, 0)));
        assertThat(overview.since(overview.version()).isEmpty()).isTrue();
    }

    private void follow(Map<ServiceKey, Tally> followed, long[] version) {
        Delta delta = overview.since(version[0]);
        if (delta.reset()) {
            followed.clear();
        }
        delta.changed().forEach(view -> followed.put(view.key(), view.sides().kubernetes()));
        delta.removed().forEach(followed::remove);
        version[0] = delta.version();
    }

    @Test
    void aVersionThatNeverWasMeansAll() {
        become(Scene.of("rr", "hh"));

        Delta delta = overview.since(overview.version() + 1);

        assertThat(delta.reset()).isTrue();
        assertThat(delta.changed()).hasSize(1);
    }
}
