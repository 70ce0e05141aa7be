package bridge.bailey.web.events;

import bridge.bailey.overview.Delta;
import bridge.bailey.web.HealthJson;
import java.time.Instant;

/** What there is to tell; for any thread. */
public interface Feed {

    /** Grows with each change of a service. */
    long version();

    /** What changed since a version; everything if the version is not known. */
    Delta since(long version);

    /** How the bridge does. */
    HealthJson health(Instant now);
}
