package bridge.bailey.plan;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.ServiceKey;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class GuardPropertyTest {

    private static final GuardRules RULES = new GuardRules(true, Duration.ofMinutes(10), 0.3, 2);
    private static final int SERVICES = 8;
    private static final int INSTANCES = 3;

    /** All that may be desired. */
    private static final Set<Piece> ALL = IntStream.range(0, SERVICES)
            .boxed()
            .flatMap(s -> IntStream.rangeClosed(1, INSTANCES).mapToObj(i -> Piece.of("a" + s, i)))
            .collect(Collectors.toUnmodifiableSet());

    @Property
    void whateverIsDroppedInWhateverOrderNoMoreThanAShareIsLost(@ForAll("drops") List<Set<Piece>> drops) {
        Estate estate = full();
        for (Set<Piece> drop : drops) {
            estate.drop(drop).later(Duration.ofSeconds(1)).pass();
        }

        Set<Piece> lost = new HashSet<>(ALL);
        lost.removeAll(estate.heldPieces());
        Map<ServiceKey, Long> byService =
                lost.stream().collect(Collectors.groupingBy(Piece::key, Collectors.counting()));
        long most = byService.values().stream().max(Long::compare).orElse(0L);
        long gone = byService.values().stream().filter(n -> n == INSTANCES).count();
        // But for one service, which may go whole.
        assertThat(lost.size() - most).isLessThanOrEqualTo(RULES.allowed(ALL.size()));
        assertThat(gone - 1).isLessThanOrEqualTo(RULES.allowed(SERVICES));
    }

    @Property
    void whatIsReleasedGoesAndThenEverythingIsAsDesired(@ForAll("wishes") List<Set<Piece>> wishes) {
        Estate estate = full();
        for (Set<Piece> wish : wishes) {
            estate.dropAll().want(wish).later(Duration.ofSeconds(30)).pass();
        }
        estate.release();

        assertThat(estate.pass()).isEmpty();
        assertThat(estate.converged()).isTrue();
    }

    @Property
    void nothingIsWithheldThatIsDesiredNorAnythingLostThatIsNotWithheld(@ForAll("wishes") List<Set<Piece>> wishes) {
        Estate estate = full();
        for (Set<Piece> wish : wishes) {
            List<Piece> withheld =
                    estate.dropAll().want(wish).later(Duration.ofSeconds(30)).pass();

            assertThat(withheld).noneMatch(wish::contains);
            Set<Piece> expected = new HashSet<>(wish);
            expected.addAll(withheld);
            assertThat(estate.heldPieces()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Property
    void aPassOverEachServiceLosesNoMoreThanOneOverAll(@ForAll("wishes") List<Set<Piece>> wishes) {
        Estate estate = full();
        for (Set<Piece> wish : wishes) {
            estate.dropAll().want(wish);
            IntStream.range(0, SERVICES)
                    .forEach(s -> estate.later(Duration.ofMillis(1)).pass("a" + s));
        }
        // Not all may have gone, however the passes were cut.
        if (wishes.stream().allMatch(Set::isEmpty)) {
            assertThat(estate.keys()).hasSizeGreaterThanOrEqualTo(SERVICES - 1 - RULES.allowed(SERVICES));
        }
    }

    private static Estate full() {
        Estate estate = new Estate(RULES);
        estate.want(ALL).pass();
        return estate;
    }

    @Provide
    Arbitrary<List<Set<Piece>>> drops() {
        return wishes();
    }

    @Provide
    Arbitrary<List<Set<Piece>>> wishes() {
        Collection<Piece> pieces = ALL;
        return Arbitraries.frequencyOf(
                        Tuple.of(3, Arbitraries.of(pieces).set()),
                        Tuple.of(1, Arbitraries.just(Set.<Piece>of())),
                        Tuple.of(1, Arbitraries.just(Set.copyOf(ALL))))
                .map(Function.identity())
                .list()
                .ofMaxSize(8);
    }
}
