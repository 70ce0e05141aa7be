package bridge.bailey.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import bridge.bailey.local.ApiCall;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The comparison of calls and grants, and what holds of each grant by itself. */
class GrantsTest {

    private static final String SERVICES = "services";

    static Stream<Rendered> rendered() {
        return Everything.rendered();
    }

    private static Set<ApiCall> everyCallOf(Grants grants) {
        return grants.all().stream()
                .map(g -> new ApiCall(
                        g.verb(), g.group(), g.resource(), g.namespace().equals("*") ? "" : g.namespace(), g.name()))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void nothingIsGrantedByAStarNorAnythingThatLeadsToMore(Rendered rendered) {
        assertThat(Grants.of(rendered).all()).isNotEmpty().allSatisfy(grant -> {
            assertThat(List.of(grant.verb(), grant.group(), grant.resource())).doesNotContain("*");
            assertThat(grant.resource())
                    .isNotIn("secrets", "pods/exec", "serviceaccounts/token", "roles", "clusterroles");
            assertThat(grant.verb()).isNotIn("escalate", "bind", "impersonate", "patch", "deletecollection");
        });
    }

    @ParameterizedTest
    @MethodSource("rendered")
    void everyRoleIsBoundToBaileysAccountAndToNobodyElse(Rendered rendered) {
        Set<String> bound = Stream.of("RoleBinding", "ClusterRoleBinding")
                .flatMap(kind -> rendered.all(kind).stream())
                .peek(binding -> assertThat(binding.get("subjects")).hasSize(1))
                .map(binding -> binding.at("/roleRef/name").asText())
                .collect(Collectors.toSet());
        Set<String> roles = Stream.of("Role", "ClusterRole")
                .flatMap(kind -> rendered.all(kind).stream())
                .map(Rendered::nameOf)
                .collect(Collectors.toSet());

        assertThat(bound).isEqualTo(roles);
    }

    @Test
    void aCallThatNothingGrantsIsFound() {
        Grants grants = Grants.of(Rendered.with("export-only"));

        assertThat(grants.lacking(Set.of(new ApiCall("list", "", SERVICES, "", ""))))
                .isEmpty();
        for (ApiCall call : List.of(
                new ApiCall("create", "", SERVICES, "shop", ""),
                new ApiCall("list", "apps", SERVICES, "", ""),
                new ApiCall("list", "", "secrets", "", ""),
                new ApiCall("get", "", "namespaces", "", "shop"),
                new ApiCall("update", "coordination.k8s.io", "leases", "shop", ""))) {
            assertThat(grants.lacking(Set.of(call))).containsExactly(call);
            assertThatThrownBy(() -> grants.checkAllowed(Set.of(call))).hasMessageContaining(call.toString());
        }
    }

    @Test
    void aGrantThatNothingNeedsIsFound() {
        Grants grants = Grants.of(Rendered.with());
        Set<ApiCall> calls = everyCallOf(grants);

        assertThat(grants.unused(calls)).isEmpty();
        calls.removeIf(call -> call.verb().equals("delete") && call.resource().equals(SERVICES));
        assertThat(grants.unused(calls)).hasSize(1).first().asString().contains("delete", SERVICES);
    }

    @Test
    void aWriteInAnotherNamespaceIsNotCoveredWhereWritingIsNarrowed() {
        Grants grants = Grants.of(Rendered.inShopAlone());

        assertThat(grants.lacking(Set.of(new ApiCall("create", "", SERVICES, "shop", ""))))
                .isEmpty();
        assertThat(grants.lacking(Set.of(new ApiCall("create", "", SERVICES, "bank", ""))))
                .hasSize(1);
        assertThat(grants.lacking(Set.of(new ApiCall("list", "", SERVICES, "", ""))))
                .isEmpty();
    }
}
