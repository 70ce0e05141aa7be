package bridge.bailey.web.board;

import bridge.bailey.web.ServiceJson.Summary;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which services are shown, and in which order: the query of the page's address. The script does the same in the page, so
 * that an address can be shared between those who have it and those who do not.
 *
 * @param text words that the namespace, name, or name in Consul must contain
 */
public record BoardQuery(String text, Show show, Column sort, boolean reversed) {

    private static final int LONGEST = 200;
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** A heading as the page shows it. */
    public record Heading(Column column, String ariaSort, String next) {}

    /** A quick filter as the page shows it. */
    public record Choice(Show show, boolean chosen, long count) {}

    /** Reads it; what can't be read stands for what is shown by default. Of several orders the last one counts. */
    static BoardQuery of(String text, String show, List<String> sorts) {
        String sort = sorts.isEmpty() ? "" : sorts.get(sorts.size() - 1);
        boolean reversed = sort.startsWith("-");
        String column = reversed ? sort.substring(1) : sort;
        String trimmed = Optional.ofNullable(text).orElse("").strip();
        return new BoardQuery(
                trimmed.length() > LONGEST ? trimmed.substring(0, LONGEST) : trimmed,
                Arrays.stream(Show.values())
                        .filter(s -> s.word().equals(show))
                        .findFirst()
                        .orElse(Show.ALL),
                Arrays.stream(Column.values())
                        .filter(c -> c.word().equals(column))
                        .findFirst()
                        .orElse(Column.SERVICE),
                reversed);
    }

    /** As it stands in an address; "" for the order that is there by default. */
    public String sortWord() {
        if (reversed) {
            return "-" + sort.word();
        }
        return sort == Column.SERVICE ? "" : sort.word();
    }

    boolean includes(Summary service) {
        String names =
                (service.namespace() + "/" + service.name() + " " + service.consulName()).toLowerCase(Locale.ROOT);
        return show.includes(service)
                && SPACE.splitAsStream(text.toLowerCase(Locale.ROOT)).allMatch(names::contains);
    }

    Comparator<Summary> order() {
        return sort.order(reversed);
    }

    List<Heading> headings() {
        return Arrays.stream(Column.values()).map(this::heading).toList();
    }

    private Heading heading(Column column) {
        if (column != sort) {
            return new Heading(column, "none", column.word());
        }
        return new Heading(
                column,
                column.ascends(reversed) ? "ascending" : "descending",
                reversed ? column.word() : "-" + column.word());
    }

    List<Choice> choices(List<Summary> services) {
        return Arrays.stream(Show.values())
                .map(s -> new Choice(
                        s, s == show, services.stream().filter(s::includes).count()))
                .toList();
    }
}
