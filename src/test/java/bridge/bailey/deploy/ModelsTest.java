package bridge.bailey.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is rendered is what the API takes, with no field that it does not know. */
class ModelsTest {

    static Stream<Rendered> rendered() {
        return Everything.rendered();
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void noObjectHasAFieldThatTheApiDoesNotKnow(Rendered rendered) {
        assertThat(rendered.objects().stream().flatMap(o -> StrictModels.problem(o).stream()))
                .isEmpty();
        assertThat(rendered.objects()).hasSizeGreaterThan(10);
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void noObjectIsThereTwiceAndEachSaysItsNamespace(Rendered rendered) {
        List<String> titles = rendered.objects().stream().map(Rendered::titleOf).toList();
        assertThat(titles).doesNotHaveDuplicates();
        Set<String> clusterWide = Set.of("Namespace", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding");
        assertThat(rendered.objects())
                .allSatisfy(o -> assertThat(Rendered.namespaceOf(o).isEmpty())
                        .as(Rendered.titleOf(o))
                        .isEqualTo(clusterWide.contains(o.path("kind").asText())));
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void whatOthersNeedComesBeforeThem(Rendered rendered) {
        List<String> kinds = new ArrayList<>();
        rendered.objects().forEach(o -> kinds.add(o.path("kind").asText()));
        assertThat(kinds.get(0)).isEqualTo("Namespace");
        assertThat(kinds.indexOf("ServiceAccount")).isLessThan(kinds.indexOf("Deployment"));
        assertThat(kinds.indexOf("CustomResourceDefinition")).isLessThan(kinds.indexOf("ServiceAccount"));
        assertThat(kinds.lastIndexOf("ConfigMap")).isLessThan(kinds.indexOf("Deployment"));
    }

    @Test
    void theCheckFindsWhatIsMisspeltAndWhatIsOfTheWrongType() {
        JsonNode deployment = Rendered.with().deployment();
        ObjectNode misspelt = deployment.deepCopy();
        ((ObjectNode) misspelt.at("/spec/template/spec/containers/0")).put("imagePullPolicies", "Always");
        ObjectNode wrong = deployment.deepCopy();
        ((ObjectNode) wrong.at("/spec")).put("replicas", "2");
        ObjectNode unknown = deployment.deepCopy();
        unknown.put("apiVersion", "apps/v1beta7");

        assertThat(StrictModels.problem(misspelt))
                .hasValueSatisfying(p -> assertThat(p).contains("imagePullPolicies"));
        assertThat(StrictModels.problem(wrong))
                .hasValueSatisfying(p -> assertThat(p).contains("replicas"));
        assertThat(StrictModels.problem(unknown))
                .hasValueSatisfying(p -> assertThat(p).contains("apps/v1beta7"));
    }

    @Test
    void eachComponentIsInSomeCombination() {
        Set<String> untested = new TreeSet<>(Everything.components());
        untested.removeAll(Everything.combined());

        assertThat(untested).containsExactly(Everything.PURGE);
        assertThat(Everything.overlays()).contains("dev", "staging", "production");
    }

    @Test
    void purgeIsAJobWithTheSamePodThatEndsByItself() {
        Rendered rendered = Rendered.with("consul-token", Everything.PURGE);
        JsonNode job = rendered.one("Job", "bailey-purge");

        assertThat(rendered.all("Deployment")).isEmpty();
        assertThat(StrictModels.problem(job)).isEmpty();
        assertThat(job.at("/spec/template/spec/containers/0/args"))
                .extracting(JsonNode::asText)
                .containsExactly("purge", "--yes");
        assertThat(job.at("/spec/template/spec/restartPolicy").asText()).isEqualTo("Never");
        assertThat(job.at("/spec/backoffLimit").asInt(-1)).isZero();
        JsonNode pod = Rendered.with("consul-token").pod();
        for (String same : List.of("volumes", "securityContext", "serviceAccountName")) {
            assertThat(job.at("/spec/template/spec").get(same))
                    .isEqualTo(pod.at("/spec").get(same));
        }
        for (String same : List.of("envFrom", "env", "image", "resources", "volumeMounts")) {
            assertThat(job.at("/spec/template/spec/containers/0").get(same))
                    .isEqualTo(pod.at("/spec/containers/0").get(same));
        }
    }
}
