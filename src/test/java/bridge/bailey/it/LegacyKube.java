package bridge.bailey.it;

import static org.awaitility.Awaitility.await;

import bridge.bailey.crd.CrdFromClasses;
import bridge.bailey.crd.LegacyService;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;

/** LegacyServices in tests, as the API has them. */
final class LegacyKube {

    private static final ObjectMapper YAML = new YAMLMapper();

    private LegacyKube() {}

    /** Installs the definition. On a real cluster it stays: with it, all resources of that kind would go. */
    static void install(Cluster cluster) {
        CustomResourceDefinition definition = CrdFromClasses.make();
        Resource<CustomResourceDefinition> resource = cluster.client().resource(definition);
        if (resource.get() == null) {
            resource.create();
        } else if (!cluster.isLocal()) {
            resource.update();
        }
        if (!cluster.isLocal()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> resource.get().getStatus().getConditions().stream()
                    .anyMatch(c ->
                            c.getType().equals("Established") && c.getStatus().equals("True")));
        }
    }

    /** A resource with one machine. */
    static GenericKubernetesResource legacyService(String namespace, String name) {
        return legacyService(
                namespace, name, "{ports: [{port: 80}], origins: [{static: {instances: [{address: 10.20.0.11}]}}]}");
    }

    /** A resource with a spec in YAML. */
    static GenericKubernetesResource legacyService(String namespace, String name, String spec) {
        try {
            return YAML.readValue(
                    """
                    {apiVersion: bailey.bridge/v1alpha1, kind: LegacyService,
                     metadata: {namespace: "%s", name: "%s"}, spec: %s}"""
                            .formatted(namespace, name, spec),
                    GenericKubernetesResource.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(spec, e);
        }
    }

    /** The resource as it is in the API. */
    static Resource<GenericKubernetesResource> api(KubernetesClient client, String namespace, String name) {
        return client.genericKubernetesResources(LegacyService.API)
                .inNamespace(namespace)
                .withName(name);
    }
}
