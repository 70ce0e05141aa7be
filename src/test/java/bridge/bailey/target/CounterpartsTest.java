package bridge.bailey.target;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.CatalogEntry.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class CounterpartsTest {

    private static final SyncedEntry THEIRS = entry("k8s-sync", "users", "10.1.0.1", 8080, Status.PASSING, "k8s");

    private static SyncedEntry entry(
            String node, String name, String address, int port, Status status, String... tags) {
        return new SyncedEntry(node, name + "-" + address, name, address, port, List.of(tags), status, "", 1);
    }

    private static SyncedEntry ours(String name, String address, int port, Status status, String... tags) {
        return entry("k8s-test", name, address, port, status, tags);
    }

    private static Counterparts of(SyncedEntry theirs, SyncedEntry... ours) {
        return Counterparts.of(List.of(theirs), List.of(ours));
    }

    private static String why(SyncedEntry theirs, SyncedEntry... ours) {
        Counterparts found = of(theirs, ours);
        assertThat(found.matched()).isEmpty();
        return found.left().get(0).why();
    }

    @Test
    void anEntryOfTheSameNameAndPlaceStandsIn() {
        SyncedEntry ours = ours("users", "10.1.0.1", 8080, Status.PASSING, "k8s", "more");

        assertThat(of(THEIRS, ours).matched()).containsExactly(new Counterparts.Match(THEIRS, ours));
    }

    @Test
    void namesIgnoreCaseAsConsulDoes() {
        assertThat(of(THEIRS, ours("Users", "10.1.0.1", 8080, Status.PASSING, "k8s"))
                        .matched())
                .hasSize(1);
    }

    @Test
    void whatHasNoCounterpartIsLeftWithTheReason() {
        assertThat(why(THEIRS)).contains("no service of this name");
        assertThat(why(THEIRS, ours("users", "10.1.0.2", 8080, Status.PASSING, "k8s")))
                .contains("not at this address");
        assertThat(why(THEIRS, ours("users", "10.1.0.1", 80, Status.PASSING, "k8s")))
                .contains("with port 80", "bailey.bridge/port");
        assertThat(why(THEIRS, ours("users", "10.1.0.1", 8080, Status.PASSING)))
                .contains("lacks the tag k8s", "bailey.export.tags");
    }

    @Test
    void oneThatIsLessHealthyDoesNotStandInAndOneThatIsAsHealthyDoes() {
        assertThat(why(THEIRS, ours("users", "10.1.0.1", 8080, Status.CRITICAL, "k8s")))
                .contains("Bailey's entry is critical", "this one passing");
        assertThat(why(THEIRS, ours("users", "10.1.0.1", 8080, Status.WARNING, "k8s")))
                .contains("warning");
        SyncedEntry critical = entry("k8s-sync", "users", "10.1.0.1", 8080, Status.CRITICAL, "k8s");
        assertThat(of(critical, ours("users", "10.1.0.1", 8080, Status.CRITICAL, "k8s"))
                        .matched())
                .hasSize(1);
    }

    @Test
    void ofSeveralOfOursTheOneThatFitsCounts() {
        SyncedEntry fits = ours("users", "10.1.0.1", 8080, Status.PASSING, "k8s");

        assertThat(of(THEIRS, ours("users", "10.1.0.1", 9090, Status.PASSING, "k8s"), fits)
                        .matched())
                .extracting(Counterparts.Match::ours)
                .containsExactly(fits);
    }
}
