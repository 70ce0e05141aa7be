package bridge.bailey.view;

import java.util.Locale;

/**
 * What became of an instance in one of the two systems that Bailey writes to.
 *
 * @param name what it is there: an entry's id in Consul, or the Service with the endpoint; "" if it is not there
 * @param why the rule that decided, or what is waited for
 */
public record Fate(Place place, Kind kind, String name, String why) {

    /** Where. */
    public enum Place {
        CONSUL,
        KUBERNETES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How it stands there. */
    public enum Kind {
        /** It is there as it should be. */
        HELD,
        /** A change waits for a pass. */
        PENDING,
        /** A change is not made, for the reason given. */
        WITHHELD,
        /** It is not to be there. */
        LEFT_OUT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
