package bridge.bailey.flow;

import bridge.bailey.model.Item;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Hold;
import bridge.bailey.target.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The log that an operator reads: one line for each service that changed, with what and why; nothing when idle. */
public final class FlowLog implements FlowObserver {

    private static final Logger LOG = Logger.getLogger("bridge.bailey.flow");

    /** In one line about one service. */
    private static final int MOST_INSTANCES = 5;

    /** In one pass; the rest is counted. A start on a large estate would otherwise bury what follows. */
    private static final int MOST_SERVICES = 100;

    private boolean away;

    @Override
    public void passed(PassReport<? extends Item> report) {
        Map<ServiceKey, List<Outcome<? extends Item>>> applied = new TreeMap<>();
        report.outcomes().stream().filter(Outcome::applied).forEach(o -> applied.computeIfAbsent(
                        o.change().key(), k -> new ArrayList<>())
                .add(o));
        applied.entrySet().stream()
                .limit(MOST_SERVICES)
                .forEach(e ->
                        LOG.info(line(e.getKey(), e.getValue(), report.reasons().getOrDefault(e.getKey(), ""))));
        if (applied.size() > MOST_SERVICES) {
            LOG.infof("… and %d more services changed in this pass", applied.size() - MOST_SERVICES);
        }
        report.newFindings().stream().limit(MOST_SERVICES).forEach(finding -> LOG.warn(finding.text()));
        if (report.newFindings().size() > MOST_SERVICES) {
            LOG.warnf(
                    "… and %d more findings; bailey_findings counts them",
                    report.newFindings().size() - MOST_SERVICES);
        }
    }

    private static String line(ServiceKey key, List<Outcome<? extends Item>> outcomes, String reason) {
        List<String> names = outcomes.stream()
                .map(o -> o.change().item().name())
                .distinct()
                .sorted()
                .toList();
        List<String> parts = new ArrayList<>();
        for (Change.Action action : Change.Action.values()) {
            List<Change<? extends Item>> some = new ArrayList<>();
            outcomes.forEach(o -> {
                if (o.change().action() == action) {
                    some.add(o.change());
                }
            });
            if (!some.isEmpty()) {
                parts.add(some.size() + " " + past(action) + " (" + instances(some) + ")");
            }
        }
        // The rule that decided matters where a service comes or goes; why an instance changed is said with it.
        boolean changedOnly = outcomes.stream().allMatch(o -> o.change().action() == Change.Action.UPDATE);
        return key + " → " + String.join(", ", names) + ": " + String.join(", ", parts)
                + (changedOnly ? "" : "; " + reason);
    }

    private static String past(Change.Action action) {
        return switch (action) {
            case CREATE -> "added";
            case UPDATE -> "changed";
            case DELETE -> "removed";
        };
    }

    private static String instances(List<Change<? extends Item>> changes) {
        String some =
                changes.stream().limit(MOST_INSTANCES).map(FlowLog::instance).collect(Collectors.joining(", "));
        return changes.size() > MOST_INSTANCES ? some + ", …" : some;
    }

    private static String instance(Change<? extends Item> change) {
        return change.item().place() + " " + change.what();
    }

    @Override
    public void unavailable(String flow, String message, int waiting, Duration nextTry) {
        if (!away) {
            away = true;
            LOG.warnf(
                    "%s: the target can't be used; nothing is lost, changes wait (%d services now), and tries go on: %s",
                    flow, waiting, message);
        }
    }

    @Override
    public void available(String flow, Duration outage) {
        away = false;
        LOG.infof("%s: the target can be used again after %d s", flow, outage.toSeconds());
    }

    @Override
    public void withheld(String flow, Hold hold) {
        LOG.warnf("%s: %s", flow, hold.text(flow));
    }

    @Override
    public void withheldNoMore(String flow) {
        LOG.infof("%s: the deletion guard withholds nothing any more", flow);
    }

    @Override
    public void disturbed(String flow) {
        LOG.warnf("%s: the target was changed by others; it is read again and repaired", flow);
    }

    @Override
    public void failed(String flow, Throwable failure) {
        LOG.errorf(failure, "%s: a defect; the work is tried again", flow);
    }
}
