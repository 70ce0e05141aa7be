package bridge.bailey.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardTest {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration WINDOW = Estate.RULES.window();

    @Test
    void anEmptyAnswerWipesNothing() {
        Estate estate = Estate.of(20, 5);

        assertThat(estate.dropAll().pass()).hasSize(100);

        assertThat(estate.heldPieces()).hasSize(100);
        assertThat(estate.hold().orElseThrow().why())
                .isEqualTo("20 of 20 services and 100 of 100 instances would be gone within 10m; 10 and 30 may be");
    }

    @Test
    void noRestartLetsAnythingGo() {
        Estate estate = Estate.of(20, 5).dropAll();
        estate.pass();
        estate.restart().pass();
        estate.restart().later(WINDOW.multipliedBy(2)).pass();

        assertThat(estate.heldPieces()).hasSize(100);
    }

    @Test
    void aRestartKeepsWhatWouldNotBeMuchByItself() {
        Estate estate = Estate.of(20, 5);
        estate.drop(instances(0, 6)).pass();
        List<Piece> second = instances(6, 4);
        assertThat(estate.drop(second).pass()).containsAll(second);

        assertThat(estate.restart().pass()).containsAll(second);
        assertThat(estate.heldPieces()).containsAll(second);
    }

    @Test
    void aShareOfWhatIsOwnedMayGo() {
        Estate estate = Estate.of(20, 5);

        assertThat(estate.drop(instances(0, 6)).pass()).isEmpty();

        assertThat(estate.heldPieces()).hasSize(70);
    }

    @Test
    void lossesAddUpWithinTheWindow() {
        Estate estate = Estate.of(20, 5);
        for (int i = 0; i < 6; i++) {
            assertThat(estate.drop(instances(i, 1)).later(SOON).pass()).isEmpty();
        }

        assertThat(estate.drop(instances(6, 3)).later(SOON).pass()).hasSize(15);
    }

    @Test
    void lossesAreForgottenAfterTheWindow() {
        Estate estate = Estate.of(20, 5);
        estate.drop(instances(0, 6)).pass();

        estate.later(WINDOW.plus(SOON));

        assertThat(estate.drop(instances(6, 4)).pass()).isEmpty();
    }

    @Test
    void whatIsWithheldStaysSoHoweverMuchTimeGoesBy() {
        Estate estate = Estate.of(20, 5);
        estate.drop(instances(0, 6)).pass();
        List<Piece> second = instances(6, 4);
        assertThat(estate.drop(second).pass()).containsAll(second);

        assertThat(estate.later(WINDOW.multipliedBy(10)).pass()).containsAll(second);
    }

    @Test
    void whatIsWithheldGoesWhenItIsReleased() {
        Estate estate = Estate.of(20, 5).dropAll();
        estate.pass();

        Hold hold = estate.release().orElseThrow();

        assertThat(hold.deletions()).isEqualTo(100);
        assertThat(hold.services()).hasSize(20);
        assertThat(estate.pass()).isEmpty();
        assertThat(estate.heldPieces()).isEmpty();
        assertThat(estate.hold()).isEmpty();
    }

    @Test
    void aReleaseDoesNotCoverWhatComesLater() {
        Estate estate = Estate.of(40, 5);
        estate.drop(instances(0, 20)).pass();
        estate.release();

        List<Piece> later = instances(20, 20);
        assertThat(estate.drop(later).pass()).containsExactlyInAnyOrderElementsOf(later);

        assertThat(estate.heldPieces()).hasSize(100);
    }

    @Test
    void aReleaseEndsForWhatIsWantedAgain() {
        Estate estate = Estate.of(20, 5);
        Collection<Piece> all = estate.heldPieces();
        estate.dropAll().pass();
        estate.release();
        estate.want(all).pass();

        assertThat(estate.dropAll().pass()).hasSize(100);
    }

    @Test
    void whatIsWantedAgainIsNoLongerWithheld() {
        Estate estate = Estate.of(20, 5);
        Collection<Piece> all = estate.heldPieces();
        estate.dropAll().pass();

        assertThat(estate.want(all).pass()).isEmpty();

        assertThat(estate.hold()).isEmpty();
        assertThat(estate.converged()).isTrue();
    }

    @Test
    void oneServiceMayBeScaledToZeroHoweverLarge() {
        Estate estate = Estate.of(3, 5);
        for (int i = 1; i <= 500; i++) {
            estate.want(Piece.of("large", i));
        }
        estate.pass();

        assertThat(estate.dropService("large").later(SOON).pass()).isEmpty();
        assertThat(estate.converged()).isTrue();
    }

    @Test
    void aRollingUpdateOfEverythingIsNoLossWhereTheNewComesFirst() {
        Estate estate = Estate.of(20, 5);
        for (int i = 1; i <= 5; i++) {
            for (int s = 0; s < 20; s++) {
                estate.want(Piece.of("a" + s, 10 + i));
            }
            assertThat(estate.later(SOON).pass()).isEmpty();
            for (int s = 0; s < 20; s++) {
                estate.drop(List.of(Piece.of("a" + s, i)));
            }
            assertThat(estate.later(SOON).pass()).isEmpty();
        }
        assertThat(estate.converged()).isTrue();
    }

    @Test
    void aRollingUpdateOfEverythingIsNoLossWhereTheOldGoesFirst() {
        Estate estate = Estate.of(20, 5);
        for (int i = 1; i <= 5; i++) {
            for (int s = 0; s < 20; s++) {
                estate.drop(List.of(Piece.of("a" + s, i)));
                assertThat(estate.pass("a" + s)).isEmpty();
                estate.want(Piece.of("a" + s, 10 + i));
                assertThat(estate.later(SOON).pass("a" + s)).isEmpty();
            }
        }
        assertThat(estate.converged()).isTrue();
    }

    @Test
    void aRollingUpdateWithEveryPodTwiceForATimeIsNoLoss() {
        Estate estate = Estate.of(20, 5);
        Collection<Piece> old = estate.heldPieces();
        for (int s = 0; s < 20; s++) {
            for (int i = 11; i <= 15; i++) {
                estate.want(Piece.of("a" + s, i));
            }
        }
        estate.pass();

        assertThat(estate.drop(old).later(SOON).pass()).isEmpty();
        assertThat(estate.converged()).isTrue();
    }

    @Test
    void aRollingUpdateIsNoLicenceForAWipe() {
        Estate estate = Estate.of(20, 5);
        Collection<Piece> old = estate.heldPieces();
        List<Piece> young = new ArrayList<>();
        for (int s = 0; s < 20; s++) {
            for (int i = 11; i <= 15; i++) {
                young.add(Piece.of("a" + s, i));
            }
        }
        estate.want(young).pass();
        estate.drop(old).later(SOON).pass();

        assertThat(estate.dropAll().later(SOON).pass()).hasSize(100);
    }

    @Test
    void whatCameWithinTheWindowMayNotAllGoWithinIt() {
        Estate estate = new Estate();
        estate.want(instances(0, 20)).pass();

        assertThat(estate.dropAll().later(SOON).pass()).hasSize(100);
    }

    @Test
    void whatDrainedBeforeItWentIsNoLoss() {
        Estate estate = Estate.of(20, 5);
        estate.heldPieces().forEach(piece -> estate.want(piece.drains()));
        estate.pass();

        assertThat(estate.dropAll().later(SOON).pass()).isEmpty();
        assertThat(estate.heldPieces()).isEmpty();
    }

    @Test
    void whatWasReplacedAfterItDrainedIsNoLicenceForAWipe() {
        Estate estate = Estate.of(20, 5);
        Collection<Piece> old = estate.heldPieces();
        old.forEach(piece -> estate.want(piece.drains()));
        estate.pass();
        estate.drop(old).later(SOON).pass();
        estate.want(old).later(SOON).pass();

        assertThat(estate.drop(instances(0, 8)).later(SOON).pass()).hasSize(40);
    }

    @Test
    void allThatIsOnOneNodeMayGoWhileOthersKeepTheirs() {
        Estate estate = Estate.of(40, 2);

        estate.drop(estate.heldPieces().stream()
                .filter(piece -> piece.node().equals("node-1"))
                .toList());

        assertThat(estate.pass()).isEmpty();
        assertThat(estate.heldPieces()).hasSize(40);
    }

    @Test
    void theOnlyNodeIsNoExcuse() {
        Estate estate = new Estate();
        for (int s = 0; s < 40; s++) {
            estate.want(Piece.of("a" + s, 1).on("only"));
        }
        estate.pass();

        assertThat(estate.dropAll().later(SOON).pass()).hasSize(40);
    }

    @Test
    void halfOfTheInstancesOfEveryServiceIsTooMuch() {
        Estate estate = new Estate();
        for (int s = 0; s < 20; s++) {
            for (int i = 1; i <= 4; i++) {
                estate.want(Piece.of("a" + s, i));
            }
        }
        estate.pass();
        List<Piece> half =
                estate.heldPieces().stream().filter(piece -> piece.number() > 2).toList();

        assertThat(estate.drop(half).later(SOON).pass()).containsExactlyInAnyOrderElementsOf(half);
    }

    @Test
    void aFewMayAlwaysGo() {
        Estate estate = Estate.of(5, 2);

        assertThat(estate.dropAll().pass()).isEmpty();
    }

    @Test
    void whatInstancesHangOnIsWithheldWithThem() {
        Estate estate = Estate.of(20, 5);
        for (int s = 0; s < 20; s++) {
            estate.want(Piece.of("a" + s, 0));
        }
        estate.pass();

        assertThat(estate.dropAll().later(SOON).pass()).hasSize(120);
    }

    @Test
    void servicesWithoutInstancesCountAsServices() {
        Estate estate = new Estate();
        for (int s = 0; s < 20; s++) {
            estate.want(Piece.of("alias" + s, 0));
        }
        estate.pass();

        assertThat(estate.dropAll().later(SOON).pass()).hasSize(20);
    }

    @Test
    void whatComesAndChangesIsNotHeldUp() {
        Estate estate = Estate.of(20, 5).dropAll().want(Piece.of("new", 1));

        assertThat(estate.pass()).hasSize(100);

        assertThat(estate.heldPieces()).contains(Piece.of("new", 1)).hasSize(101);
    }

    @Test
    void aServiceMayStillBeReplacedWhileOthersAreWithheld() {
        Estate estate = Estate.of(40, 5);
        estate.drop(instances(0, 20)).pass();

        estate.want(Piece.of("a30", 9)).pass("a30");
        estate.drop(List.of(Piece.of("a30", 1)));

        assertThat(estate.later(SOON).pass("a30")).isEmpty();
    }

    @Test
    void newInstancesMakeUpForThoseThatAreWithheld() {
        Estate estate = Estate.of(20, 5);
        estate.drop(
                estate.heldPieces().stream().filter(piece -> piece.number() > 2).toList());
        assertThat(estate.pass()).hasSize(60);
        for (int s = 0; s < 20; s++) {
            estate.want(Piece.of("a" + s, 13), Piece.of("a" + s, 14), Piece.of("a" + s, 15));
        }

        assertThat(estate.later(SOON).pass()).isEmpty();
        assertThat(estate.converged()).isTrue();
    }

    @Test
    void aGuardThatIsOffWithholdsNothing() {
        Estate estate = new Estate(new GuardRules(false, WINDOW, 0, 0));
        estate.want(instances(0, 20)).pass();

        assertThat(estate.dropAll().pass()).isEmpty();
    }

    /** All five of some services. */
    private static List<Piece> instances(int from, int services) {
        List<Piece> pieces = new ArrayList<>();
        for (int s = from; s < from + services; s++) {
            for (int i = 1; i <= 5; i++) {
                pieces.add(Piece.of("a" + s, i).on("node-" + i));
            }
        }
        return pieces;
    }
}
