package bridge.bailey.target;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.consul.ConsulHttp;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class UnitTest {

    @Test
    void nothingIsPackedIntoNothing() {
        assertThat(Unit.pack(List.of(), 64, 1000)).isEmpty();
    }

    @Test
    void theOperationsOfAUnitStayTogether() {
        Unit two = unit(List.of(10, 10));
        assertThat(Unit.pack(List.of(two, two), 3, 1000)).containsExactly(List.of(two), List.of(two));
        assertThat(Unit.pack(List.of(two, two), 4, 1000)).containsExactly(List.of(two, two));
    }

    @Test
    void bytesAreLimitedToo() {
        Unit unit = unit(List.of(100));
        assertThat(Unit.pack(List.of(unit, unit), 64, 2 * unit.size() - 1))
                .containsExactly(List.of(unit), List.of(unit));
        assertThat(Unit.pack(List.of(unit, unit), 64, 2 * unit.size())).containsExactly(List.of(unit, unit));
    }

    @Test
    void aUnitThatExceedsTheLimitsIsABatchOfItsOwn() {
        Unit small = unit(List.of(10));
        Unit large = unit(List.of(10_000));
        assertThat(Unit.pack(List.of(small, large, small), 64, 1000))
                .containsExactly(List.of(small), List.of(large), List.of(small));
    }

    @Property
    void nothingIsLostAndTheOrderIsKept(
            @ForAll("units") List<Unit> units,
            @ForAll @IntRange(min = 1, max = 12) int operations,
            @ForAll @IntRange(min = 1, max = 600) int bytes) {
        assertThat(Unit.pack(units, operations, bytes).stream().flatMap(List::stream))
                .containsExactlyElementsOf(units);
    }

    @Property
    void theLimitsHoldForEveryBatchOfSeveral(
            @ForAll("units") List<Unit> units,
            @ForAll @IntRange(min = 1, max = 12) int operations,
            @ForAll @IntRange(min = 1, max = 600) int bytes) {
        assertThat(Unit.pack(units, operations, bytes)).allSatisfy(batch -> {
            assertThat(batch).isNotEmpty();
            assertThat(batch.size() == 1 || fits(batch, operations, bytes)).isTrue();
        });
    }

    @Property
    void aBatchIsClosedOnlyWhenTheNextUnitDoesNotFit(
            @ForAll("units") List<Unit> units,
            @ForAll @IntRange(min = 1, max = 12) int operations,
            @ForAll @IntRange(min = 1, max = 600) int bytes) {
        List<List<Unit>> batches = Unit.pack(units, operations, bytes);
        for (int i = 1; i < batches.size(); i++) {
            List<Unit> next = batches.get(i).subList(0, 1);
            int allOperations = operations(batches.get(i - 1)) + operations(next);
            int allBytes = bytes(batches.get(i - 1)) + bytes(next);
            assertThat(allOperations > operations || allBytes > bytes).isTrue();
        }
    }

    /** What is really sent: the operations of the whole batch as one JSON array. */
    private static boolean fits(List<Unit> batch, int operations, int bytes) {
        List<byte[]> all =
                batch.stream().flatMap(unit -> unit.operations().stream()).toList();
        return all.size() <= operations && ConsulHttp.size(all) <= bytes;
    }

    private static int operations(List<Unit> batch) {
        return batch.stream().mapToInt(unit -> unit.operations().size()).sum();
    }

    private static int bytes(List<Unit> batch) {
        return batch.stream().mapToInt(Unit::size).sum();
    }

    @Provide
    Arbitrary<List<Unit>> units() {
        return Arbitraries.integers()
                .between(1, 200)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(UnitTest::unit)
                .list()
                .ofMaxSize(30);
    }

    private static Unit unit(List<Integer> sizes) {
        CatalogEntry entry = new CatalogEntry(
                new ServiceKey("shop", "users"),
                "id",
                "users",
                "10.0.0.1",
                80,
                List.of(),
                Map.of(),
                1,
                Optional.empty(),
                Optional.empty());
        return new Unit(
                new Change.Create<>(entry),
                sizes.stream().map(size -> new byte[size]).toList());
    }
}
