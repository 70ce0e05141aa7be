package bridge.bailey.web;

import bridge.bailey.view.InstanceView;
import bridge.bailey.view.ServiceDetail;
import bridge.bailey.view.Side;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a service would say of itself, if it could: the JSON of {@code /info/{namespace}/{name}}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceInfo(
        Instant takenAt,
        String namespace,
        String name,
        @Schema(description = "UP, DEGRADED or DOWN") String status,
        @Schema(description = "The names under which legacy hosts find it in Consul; none if they don't")
                List<String> consulNames,
        @Schema(description = "The type of its Service in the cluster; \"\" if there is none but a mirror")
                String serviceType,
        @Schema(
                        description =
                                "The type of the mirror; joined where machines join the Service that is there; \"\" for none")
                String mirrorType,
        @Schema(description = "What declares it as a legacy service; the one that counts first")
                List<String> declaredBy,
        @Schema(description = "Where its machines come from") List<ServiceJson.OneOrigin> origins,
        List<ServiceJson.Port> ports,
        @Schema(description = "Absent where there is no such side") OneSide kubernetes,
        @Schema(description = "Absent where there is no such side") OneSide legacy,
        @Schema(description = "How machines are probed; each way once") List<String> probes,
        @Schema(description = "When Bailey first saw it since its start") Instant since,
        @Schema(description = "When an instance last came, went, or changed its state") Instant changed) {

    /** One side. */
    public record OneSide(ServiceJson.Counts instances, List<String> zones) {}

    static ServiceInfo of(ServiceDetail detail, Instant now) {
        ServiceJson.Summary summary = ServiceJson.summary(detail.view(), now);
        return new ServiceInfo(
                now,
                summary.namespace(),
                summary.name(),
                summary.status(),
                detail.view().consulNames(),
                detail.outline().service(),
                detail.outline().mirror(),
                detail.outline().declaredBy(),
                detail.outline().origins().stream().map(ServiceJson::origin).toList(),
                detail.outline().ports().stream().map(ServiceJson::port).toList(),
                side(summary.kubernetes(), detail, Side.KUBERNETES),
                side(summary.legacy(), detail, Side.LEGACY),
                probes(detail),
                summary.since(),
                summary.changed());
    }

    private static OneSide side(ServiceJson.Counts counts, ServiceDetail detail, Side side) {
        return counts == null
                ? null
                : new OneSide(
                        counts,
                        detail.instances().stream()
                                .filter(instance -> instance.side() == side)
                                .map(InstanceView::zone)
                                .filter(zone -> !zone.isEmpty())
                                .distinct()
                                .sorted()
                                .toList());
    }

    private static List<String> probes(ServiceDetail detail) {
        return detail.instances().stream()
                .flatMap(instance -> instance.probing().stream())
                .map(probing -> probing.probed().probe().check().text())
                .distinct()
                .sorted()
                .toList();
    }
}
