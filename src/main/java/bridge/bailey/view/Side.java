package bridge.bailey.view;

import java.util.Locale;

/** The two worlds that a service may live in. */
public enum Side {
    KUBERNETES,
    LEGACY;

    /** As users and metrics read it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
