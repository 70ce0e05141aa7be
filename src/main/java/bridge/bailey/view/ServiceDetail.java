package bridge.bailey.view;

import bridge.bailey.desired.Decision;
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
 * @param decisions which annotation, tag, field or rule decided what
 * @param outline what it is made of
 */
public record ServiceDetail(
        ServiceView view,
        List<InstanceView> instances,
        String toConsul,
        String toKubernetes,
        Plan<CatalogEntry> consulPlan,
        Plan<MirrorItem> mirrorPlan,
        List<Finding> findings,
        List<Decision> decisions,
        Outline outline) {

    public ServiceDetail {
        instances = List.copyOf(instances);
        findings = List.copyOf(findings);
        decisions = List.copyOf(decisions);
    }

    /** Of a service of which nobody told yet what was decided. */
    public ServiceDetail(
            ServiceView view,
            List<InstanceView> instances,
            String toConsul,
            String toKubernetes,
            Plan<CatalogEntry> consulPlan,
            Plan<MirrorItem> mirrorPlan,
            List<Finding> findings) {
        this(view, instances, toConsul, toKubernetes, consulPlan, mirrorPlan, findings, List.of(), Outline.NONE);
    }

    /** The same, with what was decided, and what it is made of. */
    public ServiceDetail with(List<Decision> told, Outline made) {
        return new ServiceDetail(view, instances, toConsul, toKubernetes, consulPlan, mirrorPlan, findings, told, made);
    }
}
