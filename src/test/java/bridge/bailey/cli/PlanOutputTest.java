package bridge.bailey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.flow.Flow;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.CatalogEntry.Check;
import bridge.bailey.model.CatalogEntry.Status;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Plan;
import bridge.bailey.plan.Withheld;
import bridge.bailey.plan.Withheld.Reason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanOutputTest {

    private static final ServiceKey USERS = new ServiceKey("shop", "users");
    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");
    private static final Colours NONE = new Colours(false);

    private final List<Change<CatalogEntry>> changes = new ArrayList<>();
    private final List<Withheld<CatalogEntry>> withheld = new ArrayList<>();

    private static CatalogEntry entry(ServiceKey key, int number, Status status) {
        return entry(key, key.name(), number, status);
    }

    private static CatalogEntry entry(ServiceKey key, String name, int number, Status status) {
        String address = "10.1." + number / 250 + "." + number % 250;
        return new CatalogEntry(
                key,
                CatalogEntry.id("test", key, address, 8080, Protocol.TCP),
                name,
                address,
                8080,
                List.of(),
                Map.of(),
                1,
                Optional.of(new Check(status, "said")),
                Optional.empty());
    }

    private FlowPlan plan() {
        return new FlowPlan(
                "to-consul",
                new Flow.Planned<>(
                        new Plan<>(changes, withheld),
                        Map.of(USERS, "bailey.export.default", BILLING, "x"),
                        List.of()));
    }

    private String text(Colours colours, boolean all) {
        StringWriter out = new StringWriter();
        new PlanOutput(List.of(plan()), true).text(colours, all, new PrintWriter(out, true));
        return out.toString();
    }

    @Test
    void oneChangeIsThreeLinesAndASummary() {
        changes.add(new Change.Create<>(entry(USERS, 1, Status.PASSING)));

        assertThat(text(NONE, false))
                .isEqualTo(
                        """
                        to-consul
                          shop/users → users  (bailey.export.default)
                            + 10.1.0.1:8080  passing

                        1 to create, 0 to update, 0 to delete
                        """);
    }

    @Test
    void changesAreGroupedByServiceAndSaidAsADiff() {
        changes.add(new Change.Create<>(entry(USERS, 1, Status.PASSING)));
        changes.add(new Change.Update<>(entry(BILLING, 22, Status.PASSING), entry(BILLING, 22, Status.CRITICAL)));
        changes.add(new Change.Update<>(entry(BILLING, 3, Status.CRITICAL), entry(BILLING, 3, Status.PASSING)));
        changes.add(new Change.Delete<>(entry(USERS, 123, Status.CRITICAL)));

        assertThat(text(NONE, false))
                .isEqualTo(
                        """
                        to-consul
                          shop/billing → billing
                            ~ 10.1.0.22:8080  check passing (said) → critical (said)
                            ~ 10.1.0.3:8080   check critical (said) → passing (said)
                          shop/users → users  (bailey.export.default)
                            + 10.1.0.1:8080    passing
                            - 10.1.0.123:8080  critical

                        1 to create, 2 to update, 1 to delete
                        """);
    }

    @Test
    void ofManyChangesThatAreAlikeTheFirstAreShownAndTheOthersCounted() {
        IntStream.range(0, 500).forEach(i -> changes.add(new Change.Create<>(entry(USERS, i, Status.PASSING))));
        changes.add(new Change.Create<>(entry(USERS, 500, Status.CRITICAL)));

        String text = text(NONE, false);
        assertThat(text.lines()).hasSize(2 + PlanText.MOST_ALIKE + 1 + 2);
        assertThat(text)
                .contains(
                        "    + … and 491 more: passing\n",
                        "    + 10.1.2.0:8080    critical\n",
                        "501 to create, 0 to update, 0 to delete");
        assertThat(text(NONE, true).lines()).hasSize(2 + 501 + 2);
    }

    @Test
    void aServiceWithSeveralNamesSaysWhichInEachLine() {
        changes.add(new Change.Create<>(entry(USERS, "users", 1, Status.PASSING)));
        changes.add(new Change.Create<>(entry(USERS, "users-admin", 2, Status.PASSING)));

        assertThat(text(NONE, false))
                .contains(
                        "  shop/users → users, users-admin  (",
                        "    + users        10.1.0.1:8080  passing\n",
                        "    + users-admin  10.1.0.2:8080  passing\n");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWithheldIsMarkedWithTheReasonAndExplainedOnce(Reason reason) {
        IntStream.range(0, 20)
                .forEach(i ->
                        withheld.add(new Withheld<>(new Change.Delete<>(entry(USERS, i, Status.PASSING)), reason)));

        String words = reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String text = text(NONE, false);
        assertThat(text)
                .contains(
                        "    ! 10.1.0.0:8080   withheld (" + words + "): delete passing\n",
                        "    ! … and 11 more: withheld (" + words + "): delete passing\n",
                        "0 to create, 0 to update, 0 to delete, 20 withheld\n");
        assertThat(text)
                .containsOnlyOnce(
                        "20 withheld (" + words + ": " + withheld.get(0).why());
    }

    @Test
    void colourIsForTerminalsOnly() {
        changes.add(new Change.Create<>(entry(USERS, 1, Status.PASSING)));
        changes.add(new Change.Delete<>(entry(USERS, 2, Status.PASSING)));

        assertThat(text(NONE, false)).doesNotContain("\u001b");
        assertThat(text(new Colours(true), false))
                .contains("\u001b[32m+ 10.1.0.1:8080  passing", "\u001b[31m- 10.1.0.2:8080  passing");
    }

    @Test
    void whatOthersWroteForgesNoLine() {
        CatalogEntry forged = entry(USERS, "users\n    + forged", 1, Status.PASSING);
        changes.add(new Change.Delete<>(forged));

        assertThat(text(new Colours(false), false))
                .contains("users\uFFFD    + forged")
                .doesNotContain("\n    + forged");
    }

    @Test
    void nothingToDoIsSaidInALine() {
        assertThat(text(NONE, false)).isEqualTo("No changes. Both sides hold what they should.\n");
    }
}
