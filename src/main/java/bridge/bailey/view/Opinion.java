package bridge.bailey.view;

import bridge.bailey.model.InstanceState;
import java.util.Locale;

/**
 * What one judge says of an instance.
 *
 * @param why in words, or ""
 */
public record Opinion(Judge judge, InstanceState state, String why) {

    /** Who has an opinion on the health of an instance. */
    public enum Judge {
        /** The conditions of its endpoint in the cluster: what pods that call the Service get. */
        KUBERNETES,
        /** The checks of its entry in Consul: what legacy hosts that look it up get. */
        CONSUL,
        /** What Bailey's own probes measured, even if the verdict is kept back. */
        PROBE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether it is called by those who follow this opinion; nobody knows of an UNKNOWN one. */
    boolean serves() {
        return state == InstanceState.HEALTHY || state == InstanceState.DRAINING;
    }
}
