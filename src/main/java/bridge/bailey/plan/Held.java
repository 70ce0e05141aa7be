package bridge.bailey.plan;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import java.util.Collection;
import java.util.Set;

/** What a target holds, as far as it concerns us. */
public interface Held<T extends Item> {

    /** The service keys of which the target holds owned items. */
    Set<ServiceKey> keys();

    /** The owned items of one service key; empty if none. */
    Collection<T> ownedBy(ServiceKey key);

    /** Whether something that is not ours has this id. */
    boolean foreign(String id);
}
