package bridge.bailey.check;

import java.util.List;
import java.util.Optional;

/** Whether the catalog sync of consul-k8s runs beside Bailey. */
final class OtherSync implements Check {

    private final SyncCatalog sync;
    private final List<String> tags;

    /**
     * Makes the check.
     *
     * @param tags those of every entry of ours
     */
    OtherSync(SyncCatalog sync, List<String> tags) {
        this.sync = sync;
        this.tags = List.copyOf(tags);
    }

    @Override
    public String area() {
        return "consul-k8s";
    }

    @Override
    public void look(Report report) {
        Optional<List<SyncCatalog.Running>> running = sync.look();
        if (running.isEmpty()) {
            report.ok("catalog sync", "can't be told: we may not list Deployments, which Bailey does not need");
        } else if (running.get().isEmpty()) {
            report.ok("catalog sync", "does not run");
        }
        running.orElse(List.of()).forEach(one -> told(one, report));
    }

    private void told(SyncCatalog.Running one, Report report) {
        String what = "Deployment " + one.namespace() + "/" + one.name();
        if (tags.contains(one.tag())) {
            report.fail(
                    what,
                    "runs, and removes entries with the tag \"" + one.tag()
                            + "\" that it does not know, on whichever node: Bailey's have that tag, and would come and go",
                    one.stop()
                            + "  # then java -jar quarkus-run.jar adopt; or, while both run, BAILEY_EXPORT_TAGS=bailey");
        } else {
            report.warn(
                    what,
                    "runs: each service is in Consul twice",
                    one.stop() + "  # then java -jar quarkus-run.jar adopt");
        }
    }
}
