package bridge.bailey.flow;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.flow.FindingBook.Origin;
import bridge.bailey.model.Finding;
import bridge.bailey.model.ServiceKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingBookTest {

    private static final ServiceKey USERS = new ServiceKey("shop", "users");
    private static final ServiceKey ORDERS = new ServiceKey("shop", "orders");
    private static final Finding NAME = finding(USERS, "name");
    private static final Finding PORT = finding(USERS, "port");
    private static final Finding WEIGHT = finding(ORDERS, "weight");

    private final FindingBook book = new FindingBook();

    @Test
    void aFindingIsNewOnce() {
        assertThat(book.replace(USERS, Origin.MAPPING, List.of(NAME))).containsExactly(NAME);
        assertThat(book.replace(USERS, Origin.MAPPING, List.of(NAME))).isEmpty();
        assertThat(book.replace(USERS, Origin.MAPPING, List.of(NAME, PORT))).containsExactly(PORT);
    }

    @Test
    void aFindingThatComesBackIsNewAgain() {
        book.replace(USERS, Origin.MAPPING, List.of(NAME));
        book.replace(USERS, Origin.MAPPING, List.of());
        assertThat(book.replace(USERS, Origin.MAPPING, List.of(NAME))).containsExactly(NAME);
    }

    @Test
    void whatWasMendedIsGone() {
        book.replace(USERS, Origin.MAPPING, List.of(NAME, PORT));
        book.replace(USERS, Origin.MAPPING, List.of(PORT));
        assertThat(book.all()).containsExactly(PORT);
        book.replace(USERS, Origin.MAPPING, List.of());
        assertThat(book.all()).isEmpty();
    }

    @Test
    void theFindingsOfOneOriginLeaveThoseOfOthersAlone() {
        book.replace(USERS, Origin.MAPPING, List.of(NAME));
        book.replace(USERS, Origin.OUTCOME, List.of(PORT));
        assertThat(book.all()).containsExactlyInAnyOrder(NAME, PORT);
        book.replace(USERS, Origin.MAPPING, List.of());
        assertThat(book.all()).containsExactly(PORT);
    }

    @Test
    void theFindingsOfOneServiceLeaveThoseOfOthersAlone() {
        book.replace(USERS, Origin.MAPPING, List.of(NAME));
        book.replace(ORDERS, Origin.MAPPING, List.of(WEIGHT));
        assertThat(book.all()).containsExactlyInAnyOrder(NAME, WEIGHT);
        book.replace(USERS, Origin.MAPPING, List.of());
        assertThat(book.all()).containsExactly(WEIGHT);
    }

    private static Finding finding(ServiceKey key, String field) {
        return new Finding(Finding.Kind.INVALID_ANNOTATION, key, field, "x", "is wrong");
    }
}
