package bridge.bailey.model;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How many connections a machine says that it has open, by the gauge that its service's owner named.
 *
 * @param open empty if that is not known now
 * @param at when the machine last said so, if it ever did
 * @param error why it is not known, or ""
 */
public record OpenConnections(OptionalDouble open, Optional<Instant> at, String error) {

    /** Of a machine that was not asked yet. */
    public static final OpenConnections NONE =
            new OpenConnections(OptionalDouble.empty(), Optional.empty(), "not read yet");
}
