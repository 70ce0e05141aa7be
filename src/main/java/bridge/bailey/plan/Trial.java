package bridge.bailey.plan;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change.Create;
import bridge.bailey.plan.Change.Delete;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What a plan would do to one service, if it were made. */
final class Trial<T extends Item> {

    private final ServiceKey key;
    private final List<Delete<T>> losses = new ArrayList<>();
    private final List<Delete<T>> base = new ArrayList<>();
    private final List<String> lostNodes = new ArrayList<>();
    private final boolean vanishes;

    /**
     * Tries.
     *
     * @param changes those of the service
     * @param owned what the target holds of it
     * @param turnover what came and went of it; changed by this
     * @param withheld the ids that are withheld already: what makes up for a loss makes up for these first
     * @param released the ids that may go
     */
    Trial(
            ServiceKey key,
            List<Change<T>> changes,
            Collection<T> owned,
            Turnover turnover,
            Set<String> withheld,
            Set<String> released,
            long now) {
        this.key = key;
        long before = owned.stream().filter(Item::isInstance).count();
        long instances = before;
        long items = owned.size();
        List<Delete<T>> counted = new ArrayList<>();
        for (Change<T> change : changes) {
            int step = change instanceof Create ? 1 : change instanceof Delete ? -1 : 0;
            items += step;
            instances += change.item().isInstance() ? step : 0;
            if (change instanceof Create && change.item().isInstance()) {
                turnover.came(now, before > 0);
            } else if (change instanceof Delete<T> delete && !released.contains(delete.id())) {
                if (!delete.item().isInstance()) {
                    base.add(delete);
                } else if (!delete.item().leaving()) {
                    counted.add(delete);
                }
            }
        }
        lostNodes.addAll(turnover.lostNodes());
        vanishes = (before > 0 && instances == 0) ? !counted.isEmpty() : (items == 0 && !base.isEmpty());
        counted.sort((one, other) -> Boolean.compare(withheld.contains(other.id()), withheld.contains(one.id())));
        for (Delete<T> delete : counted) {
            if (vanishes || !turnover.hasGrown()) {
                losses.add(delete);
                lostNodes.add(delete.item().sharedFate());
            }
            turnover.went(now, delete.item().sharedFate());
        }
        if (vanishes) {
            losses.addAll(base);
        }
    }

    ServiceKey key() {
        return key;
    }

    /** The deletions that would be a loss. */
    List<Delete<T>> losses() {
        return losses;
    }

    /** The deletions of what instances hang on. */
    List<Delete<T>> base() {
        return base;
    }

    /** The nodes of the instances that would then be lost, or are. */
    List<String> lostNodes() {
        return lostNodes;
    }

    /** Whether nothing would be left of the service. */
    boolean vanishes() {
        return vanishes;
    }
}
