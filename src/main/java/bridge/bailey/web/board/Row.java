package bridge.bailey.web.board;

import bridge.bailey.web.ServiceJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * One service in the table. The script says the same of a service that changed, in the same markup; BoardIT holds the two
 * together.
 *
 * @param hidden whether the filter leaves it out
 */
public record Row(ServiceJson.Summary service, boolean hidden, Instant now) {

    /** The row that the script makes others of. */
    static Row blank() {
        return new Row(
                new ServiceJson.Summary(
                        "",
                        "",
                        "",
                        "UP",
                        null,
                        null,
                        0,
                        false,
                        0,
                        0,
                        0,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        new ServiceJson.Verdict(true, true, List.of())),
                false,
                Instant.EPOCH);
    }

    public String key() {
        return service.namespace() + "/" + service.name();
    }

    public String href() {
        return href(service.namespace(), service.name());
    }

    /** Where the page of a service is. */
    static String href(String namespace, String name) {
        return "/services/" + encoded(namespace) + "/" + encoded(name);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The name in Consul, where it is another. */
    public String consulName() {
        return service.consulName().equals(service.name()) ? "" : service.consulName();
    }

    public List<Badge> kubernetes() {
        return Badge.of(service.kubernetes());
    }

    public List<Bar> kubernetesBar() {
        return Bar.of(service.kubernetes());
    }

    public List<Badge> legacy() {
        return Badge.of(service.legacy());
    }

    public List<Bar> legacyBar() {
        return Bar.of(service.legacy());
    }

    public List<Badge> notes() {
        return Badge.notes(service);
    }

    /** The verdict's two steps, in words. */
    public List<Badge> steps() {
        boolean shift = service.verdict().shift();
        boolean stop = service.verdict().stopVms();
        return List.of(
                new Badge(shift ? "yes" : "no", "shift: " + (shift ? "yes" : "no")),
                service.legacy() == null
                        ? new Badge("absent", "no VMs known")
                        : new Badge(stop ? "yes" : "no", "stop VMs: " + (stop ? "yes" : "no")));
    }

    /** The first reason that speaks against a step. */
    public String reason() {
        return service.verdict().reasons().stream().findFirst().orElse("");
    }

    public String changed() {
        return Words.ago(service.changed(), now);
    }

    /** What the script filters and sorts by, as numbers. */
    public String counts() {
        return counts(service.kubernetes()) + ";" + counts(service.legacy()) + ";" + service.disagreements() + ","
                + service.pending() + "," + service.withheld() + "," + service.findings() + ","
                + (service.stale() ? 1 : 0) + ";" + (service.verdict().shift() ? 1 : 0) + ","
                + (service.verdict().stopVms() ? 1 : 0);
    }

    private static String counts(ServiceJson.Counts of) {
        return of == null ? "" : of.healthy() + "," + of.unhealthy() + "," + of.draining() + "," + of.unknown();
    }
}
