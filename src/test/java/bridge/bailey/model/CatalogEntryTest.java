package bridge.bailey.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CatalogEntryTest {

    private static final CatalogEntry ENTRY = entry(List.of("b", "a", "b"), Map.of("team", "blue"), "passing");

    @Test
    void tagsAreSortedSinceConsulTakesAnotherOrderForAChange() {
        assertThat(ENTRY.tags()).containsExactly("a", "b");
        assertThat(ENTRY).isEqualTo(entry(List.of("a", "b"), Map.of("team", "blue"), "passing"));
    }

    @Test
    void anIpv6AddressIsInBrackets() {
        assertThat(CatalogEntry.endpoint("fd00::1", 80)).isEqualTo("[fd00::1]:80");
        assertThat(CatalogEntry.endpoint("10.0.0.1", 80)).isEqualTo("10.0.0.1:80");
        assertThat(CatalogEntry.endpoint("lb.example.com", 80)).isEqualTo("lb.example.com:80");
    }

    @Test
    void theCheckBelongsToItsEntry() {
        assertThat(ENTRY.checkId()).isEqualTo("east/shop/users/10.0.0.1:80:readiness");
    }

    @Test
    void equalEntriesHaveNoDifferences() {
        assertThat(ENTRY.differences(entry(List.of("a", "b"), Map.of("team", "blue"), "passing")))
                .isEmpty();
    }

    @Test
    void everyDifferenceIsNamed() {
        CatalogEntry next = new CatalogEntry(
                ENTRY.key(),
                ENTRY.id(),
                "people",
                "10.0.0.2",
                81,
                List.of("c"),
                Map.of("team", "red", "tier", "web"),
                5,
                Optional.empty(),
                Optional.of(new ExternalNode("VM1", "10.0.0.9")));
        assertThat(ENTRY.differences(next))
                .containsExactly(
                        "name users → people",
                        "address 10.0.0.1:80 → 10.0.0.2:81",
                        "node the cluster's → vm1 at 10.0.0.9",
                        "check passing (passing) → none",
                        "weight 1 → 5",
                        "tags [a, b] → [c]",
                        "meta team blue → red",
                        "meta tier none → web");
    }

    private static CatalogEntry entry(List<String> tags, Map<String, String> meta, String output) {
        return new CatalogEntry(
                new ServiceKey("shop", "users"),
                "east/shop/users/10.0.0.1:80",
                "users",
                "10.0.0.1",
                80,
                tags,
                meta,
                1,
                Optional.of(new CatalogEntry.Check(CatalogEntry.Status.PASSING, output)),
                Optional.empty());
    }
}
