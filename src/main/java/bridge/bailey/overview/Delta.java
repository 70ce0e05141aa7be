package bridge.bailey.overview;

import bridge.bailey.model.ServiceKey;
import bridge.bailey.view.ServiceView;
import java.util.List;

/**
 * What changed since a version.
 *
 * @param version the one that whoever has this delta has reached
 * @param reset whether {@code changed} is everything there is, as the version asked for is forgotten
 */
public record Delta(long version, boolean reset, List<ServiceView> changed, List<ServiceKey> removed) {

    public Delta {
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    public boolean isEmpty() {
        return !reset && changed.isEmpty() && removed.isEmpty();
    }
}
