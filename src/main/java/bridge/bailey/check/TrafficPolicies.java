package bridge.bailey.check;

import bridge.bailey.check.ClusterObjects.Found;
import bridge.bailey.check.ClusterObjects.Machines;
import bridge.bailey.source.KubeMarks;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * Settings of Services that machines serve under, and that machines can't fulfil: they are on no node of the cluster, and
 * have no zone hints.
 */
final class TrafficPolicies implements Check {

    private static final String LOCAL = "Local";
    private static final List<String> HINTS =
            List.of("service.kubernetes.io/topology-mode", "service.kubernetes.io/topology-aware-hints");

    private final ClusterObjects cluster;

    TrafficPolicies(ClusterObjects cluster) {
        this.cluster = cluster;
    }

    @Override
    public String area() {
        return "Traffic policies";
    }

    @Override
    public void look(Report report) throws InterruptedException, ExecutionException {
        List<Found> concerned = cluster.get().stream()
                .filter(found -> found.machines() != Machines.NONE)
                .toList();
        concerned.forEach(found -> look(found, report));
        if (report.results().isEmpty()) {
            report.ok("Services of machines", concerned.size() + " looked at, none asks for what machines lack");
        }
    }

    private static void look(Found found, Report report) {
        Optional<ServiceSpec> spec = Optional.ofNullable(found.service().getSpec());
        spec.map(ServiceSpec::getInternalTrafficPolicy)
                .filter(LOCAL::equals)
                .ifPresent(policy -> local(found, "internalTrafficPolicy", "pods reach", report));
        spec.map(ServiceSpec::getExternalTrafficPolicy)
                .filter(LOCAL::equals)
                .ifPresent(policy -> local(found, "externalTrafficPolicy", "clients from outside reach", report));
        spec.map(ServiceSpec::getTrafficDistribution)
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> report.warn(
                        found.text() + " spec.trafficDistribution",
                        "\"" + text
                                + "\": machines have no zone hints, and one endpoint without turns same-zone routing off"
                                + " for the whole Service, its pods included",
                        kubectl(found) + "patch service " + found.key().name()
                                + " --type=json -p '[{\"op\": \"remove\", \"path\": \"/spec/trafficDistribution\"}]'"));
        HINTS.forEach(name -> Optional.ofNullable(
                        KubeMarks.annotations(found.service()).get(name))
                .filter(value -> !value.equalsIgnoreCase("Disabled"))
                .ifPresent(value -> report.warn(
                        found.text() + " metadata.annotations[\"" + name + "\"]",
                        "\"" + value
                                + "\": machines have no zone hints, and one endpoint without turns them off for the"
                                + " whole Service, its pods included",
                        kubectl(found) + "annotate service " + found.key().name() + " " + name + "-")));
    }

    private static void local(Found found, String field, String who, Report report) {
        boolean mirror = found.machines() == Machines.MIRROR;
        String detail = "Local: machines are on no node of the cluster, so " + who
                + (mirror ? " nothing" : " pods of the same node only, and no machine");
        String fix = kubectl(found) + "patch service " + found.key().name() + " -p '{\"spec\": {\"" + field
                + "\": \"Cluster\"}}'";
        if (mirror) {
            report.fail(found.text() + " spec." + field, detail, fix);
        } else {
            report.warn(found.text() + " spec." + field, detail, fix);
        }
    }

    private static String kubectl(Found found) {
        return "kubectl -n " + found.key().namespace() + " ";
    }
}
