package bridge.bailey.view;

import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Finding;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.plan.Plan;
import java.util.List;

/**
 * One service with its instances, and why each is as it is.
 *
 * @param instances those of Kubernetes first
 * @param toConsul the rule that decided whether it is in Consul, and
 * @param toKubernetes whether it has a mirror
 * @param consulPlan what waits for Consul, or is withheld from it, and
 * @param mirrorPlan likewise for the cluster
 * @param findings what its users should mend
 */
public record ServiceDetail(
        ServiceView view,
        List<InstanceView> instances,
        String toConsul,
        String toKubernetes,
        Plan<CatalogEntry> consulPlan,
        Plan<MirrorItem> mirrorPlan,
        List<Finding> findings) {

    public ServiceDetail {
        instances = List.copyOf(instances);
        findings = List.copyOf(findings);
    }
}
