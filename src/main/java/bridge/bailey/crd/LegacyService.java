package bridge.bailey.crd;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** The custom resource by which a team declares a service that still runs on virtual machines. */
@Group(LegacyService.GROUP)
@Version(LegacyService.VERSION)
@Singular("legacyservice")
@Plural(LegacyService.PLURAL)
@ShortNames("lsvc")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonClassDescription(
        "A service that runs on machines outside the cluster, and that Bailey makes reachable inside it under"
                + " the name of a Service.")
@AdditionalPrinterColumn(
        name = "Service",
        jsonPath = ".status.service",
        getDescription = "The Service that stands for the machines.")
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.ready",
        getDescription = "How many instances are healthy, of how many.")
@AdditionalPrinterColumn(
        name = "Origins",
        jsonPath = ".status.originNames",
        getDescription = "Where the instances come from.")
@AdditionalPrinterColumn(
        name = "Status",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        getDescription = "The reason of the condition Ready.")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp",
        getDescription = "When the resource was created.")
@ValidationRule(
        value = "has(self.spec.serviceName) || self.metadata.name.matches('" + Formats.SERVICE_NAME + "')",
        message =
                "metadata.name is not fit for a Service (lower-case letters, digits and hyphens, a letter first, at most"
                        + " 63 characters): set spec.serviceName")
public final class LegacyService extends CustomResource<LegacyServiceSpec, LegacyServiceStatus> implements Namespaced {

    public static final String GROUP = "bailey.bridge";
    public static final String VERSION = "v1alpha1";
    public static final String PLURAL = "legacyservices";
    public static final String KIND = "LegacyService";

    /** Where the resources are in the API, for those who read and write them without this class. */
    public static final ResourceDefinitionContext API = ResourceDefinitionContext.fromResourceType(LegacyService.class);

    private static final long serialVersionUID = 1L;

    @Override
    protected LegacyServiceSpec initSpec() {
        return null;
    }

    @Override
    protected LegacyServiceStatus initStatus() {
        return null;
    }
}
