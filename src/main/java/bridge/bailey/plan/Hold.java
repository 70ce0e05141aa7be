package bridge.bailey.plan;

import bridge.bailey.model.ServiceKey;
import java.time.Duration;
import java.util.Set;

/**
 * What the guard withholds now.
 *
 * @param lasts since the guard stepped in
 * @param services of which something is withheld
 * @param deletions how many
 * @param why the count that was too high, in words
 */
public record Hold(Duration lasts, Set<ServiceKey> services, int deletions, String why) {

    public Hold {
        services = Set.copyOf(services);
    }

    /** What is withheld, why, and what to do. */
    public String text(String flow) {
        return "the deletion guard withholds " + deletions + (deletions == 1 ? " deletion of " : " deletions of ")
                + services.size() + (services.size() == 1 ? " service" : " services") + ", since " + why
                + ". They stay as they are until they are wanted again, or released: bailey release " + flow;
    }
}
