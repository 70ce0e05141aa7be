package bridge.bailey.web.board;

import bridge.bailey.view.ServiceView;
import bridge.bailey.web.ServiceJson;
import bridge.bailey.web.ServiceJson.Summary;
import java.time.Instant;
import java.util.List;

/**
 * The table of all services.
 *
 * @param rows of all services, those that the filter leaves out hidden, since the script shows them without asking again
 */
public record BoardPage(
        Header header,
        BoardQuery query,
        List<BoardQuery.Heading> headings,
        List<BoardQuery.Choice> choices,
        List<Row> rows) {

    static BoardPage of(Header header, BoardQuery query, List<ServiceView> services, Instant now) {
        List<Summary> all =
                services.stream().map(view -> ServiceJson.summary(view, now)).toList();
        return new BoardPage(
                header,
                query,
                query.headings(),
                query.choices(all),
                all.stream()
                        .sorted(query.order())
                        .map(service -> new Row(service, !query.includes(service), now))
                        .toList());
    }

    public Row blank() {
        return Row.blank();
    }

    public long shown() {
        return rows.stream().filter(row -> !row.hidden()).count();
    }
}
