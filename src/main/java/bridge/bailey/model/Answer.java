package bridge.bailey.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an origin knows in answer to one query: the last good answer, however old.
 *
 * @param origin such as {@code ec2/eu-central-1} or {@code consul/dc1}
 * @param tried whether a first try has ended, well or not
 * @param known whether there ever was a good answer; without one, nothing may be concluded from what is absent
 * @param error why the last try failed, or ""
 */
public record Answer<I>(
        String origin, boolean tried, boolean known, List<I> instances, Optional<Instant> lastSuccess, String error) {

    public Answer {
        instances = List.copyOf(instances);
    }

    /** Of a query that was not sent yet. */
    public static <I> Answer<I> none(String origin) {
        return new Answer<>(origin, false, false, List.of(), Optional.empty(), "");
    }
}
