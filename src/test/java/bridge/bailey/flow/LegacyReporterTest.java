package bridge.bailey.flow;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.LegacyWorlds;
import bridge.bailey.desired.Mirror;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Happening;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyStatus;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.source.LegacyManifests;
import bridge.bailey.target.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LegacyReporterTest {

    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");

    private static final String RESOURCE =
            """
            apiVersion: bailey.bridge/v1alpha1
            kind: LegacyService
            metadata: {namespace: shop, name: billing}
            spec:
              ports: [{name: http, port: 80, targetPort: 8080}]
              origins:
              - ec2: {region: eu-central-1, filters: [{name: vpc-id, values: [vpc-1]}]}
              - consul: {service: billing}
              probe: {http: {path: /health}}
            """;

    private static final String ANSWERS =
            """
            played:
              ec2:
              - {region: eu-central-1, instances: [{id: i-01, private: 10.20.0.11}]}
              consul:
              - {service: billing, instances: []}
            """;

    private static final String TAGS =
            """
            played:
              tags:
              - region: eu-central-1
                instances: [{id: i-01, private: 10.20.0.11, tags: {"bailey:service": "shop/billing:80=8080"}}]
            """;

    private final List<String> statuses = new ArrayList<>();
    private final List<Happening> happenings = new ArrayList<>();
    private Optional<LegacyView> view = Optional.empty();

    private final LegacyReporter reporter = new LegacyReporter(
            key -> view,
            key -> List.<Finding>of(),
            LegacyWorlds.RULES,
            () -> Instant.EPOCH,
            new LegacyReporter.Owners() {
                @Override
                public void status(LegacyDeclaration declaration, LegacyStatus status) {
                    statuses.add(declaration.resource() + " " + status.ready());
                }

                @Override
                public void happened(Happening happening) {
                    happenings.add(happening);
                }
            });

    private static Optional<LegacyView> view(String... documents) {
        return Optional.of(LegacyManifests.of(List.of(documents), LegacyWorlds.RULES, "default")
                .views()
                .get(BILLING));
    }

    private static Optional<LegacyView> failing(String error) {
        return view(
                RESOURCE, ANSWERS.replace("{region: eu-central-1,", "{error: " + error + ", region: eu-central-1,"));
    }

    private static Optional<LegacyView> suspected(boolean suspected) {
        return view(
                RESOURCE,
                ANSWERS
                        + "  verdicts: [{address: 10.20.0.11, port: 8080, health: healthy, reason: HTTP 503 from /health,"
                        + " suspected: " + suspected + "}]\n");
    }

    /** What is told of a pass over this view. */
    private List<String> pass(Optional<LegacyView> now) {
        view = now;
        return report(Flows.TO_KUBERNETES, List.of());
    }

    private List<String> report(String flow, List<Outcome<MirrorItem>> outcomes) {
        happenings.clear();
        reporter.passed(new PassReport<>(flow, false, outcomes, List.of(), Map.of(BILLING, "mirrored"), List.of(), 0));
        return happenings.stream().map(Happening::reason).toList();
    }

    @Test
    void anOriginThatFailsIsToldOnceAndOnceWhenItAnswersAgain() {
        assertThat(pass(view(RESOURCE, ANSWERS))).isEmpty();
        assertThat(pass(failing("throttled"))).containsExactly("OriginUnavailable");
        assertThat(happenings).singleElement().satisfies(happening -> {
            assertThat(happening.warning()).isTrue();
            assertThat(happening.subject()).isEqualTo(Finding.Subject.legacyService(BILLING));
            assertThat(happening.message())
                    .isEqualTo("ec2/eu-central-1 can't be asked: throttled; its last answer is kept");
        });
        assertThat(pass(failing("throttled"))).isEmpty();
        assertThat(pass(failing("expired")))
                .as("another error of the same origin")
                .isEmpty();
        assertThat(pass(view(RESOURCE, ANSWERS))).containsExactly("OriginAvailable");
        assertThat(happenings).noneMatch(Happening::warning);
        assertThat(pass(view(RESOURCE, ANSWERS))).isEmpty();
        assertThat(pass(failing("throttled"))).containsExactly("OriginUnavailable");
    }

    @Test
    void ofAnOriginThatNeverAnsweredNothingIsKept() {
        pass(view(RESOURCE, "played:\n  ec2: [{region: eu-central-1, error: denied}]\n"));

        assertThat(happenings).singleElement().satisfies(happening -> assertThat(happening.message())
                .endsWith("nothing is known of its instances"));
    }

    @Test
    void aPathThatIsSuspectedIsToldOnceAndOnceWhenItIsTrustedAgain() {
        assertThat(pass(suspected(true))).containsExactly("PathSuspected");
        assertThat(pass(suspected(true))).isEmpty();
        assertThat(pass(suspected(false))).containsExactly("PathTrusted");
        assertThat(pass(suspected(false))).isEmpty();
    }

    @Test
    void ofAServiceThatIsGoneNothingIsToldAndItsTroublesAreForgotten() {
        pass(failing("throttled"));
        assertThat(pass(Optional.empty())).isEmpty();
        assertThat(pass(failing("throttled"))).containsExactly("OriginUnavailable");
    }

    @Test
    void eachPassTellsTheStatusOfEachResource() {
        pass(view(
                RESOURCE,
                RESOURCE.replace("name: billing}", "name: second}").replace("spec:", "spec:\n  serviceName: billing"),
                ANSWERS));

        assertThat(statuses).containsExactly("shop/billing 0/1", "shop/second 0/0");
    }

    @Test
    void whatTheOtherFlowDoesIsNoConcern() {
        view = failing("throttled");

        assertThat(report(Flows.TO_CONSUL, List.of())).isEmpty();
        assertThat(statuses).isEmpty();
    }

    private static Outcome<MirrorItem> outcome(Readiness before, Readiness after, Outcome.Kind kind) {
        return new Outcome<>(new Change.Update<>(endpoint(before), endpoint(after)), kind, "");
    }

    private static MirrorItem endpoint(Readiness readiness) {
        MirrorEndpoint any = new Mirror(LegacyWorlds.RULES)
                .desired(view(RESOURCE, ANSWERS).orElseThrow()).items().stream()
                        .filter(MirrorEndpoint.class::isInstance)
                        .map(MirrorEndpoint.class::cast)
                        .findFirst()
                        .orElseThrow();
        return new MirrorEndpoint(
                any.key(), any.legacyService(), any.address(), any.ports(), readiness, any.zone(), any.flaws());
    }

    private List<String> changed(Readiness before, Readiness after) {
        return report(Flows.TO_KUBERNETES, List.of(outcome(before, after, Outcome.Kind.APPLIED)));
    }

    @Test
    void anEndpointThatFailsItsProbeIsToldWithTheReasonAndThatItRecovered() {
        view = suspected(false);

        assertThat(changed(Readiness.READY, Readiness.NOT_READY)).containsExactly("EndpointUnhealthy");
        assertThat(happenings.get(0).message()).isEqualTo("10.20.0.11:8080 is unhealthy: HTTP 503 from /health");
        assertThat(happenings.get(0).warning()).isTrue();
        assertThat(changed(Readiness.NOT_READY, Readiness.READY)).containsExactly("EndpointRecovered");
        assertThat(happenings.get(0).warning()).isFalse();
    }

    @Test
    void anEndpointThatDrainsIsToldAndIsNoWarning() {
        view = view(RESOURCE, ANSWERS);

        assertThat(changed(Readiness.READY, Readiness.DRAINING)).containsExactly("EndpointDraining");
        assertThat(happenings.get(0).warning()).isFalse();
    }

    @Test
    void whatCouldNotBeWrittenAndWhatIsAsReadyAsBeforeIsNotTold() {
        view = view(RESOURCE, ANSWERS);

        assertThat(report(
                        Flows.TO_KUBERNETES,
                        List.of(
                                outcome(Readiness.READY, Readiness.NOT_READY, Outcome.Kind.UNAVAILABLE),
                                outcome(Readiness.READY, Readiness.READY, Outcome.Kind.APPLIED))))
                .isEmpty();
    }

    /** Nothing in the cluster stands for a tag, so it is told on the Service. */
    @Test
    void whatTagsAloneDeclareIsToldOnTheService() {
        view = view(TAGS);

        changed(Readiness.READY, Readiness.DRAINING);

        assertThat(happenings).singleElement().satisfies(happening -> assertThat(happening.subject())
                .isEqualTo(new Finding.Subject("Service", "shop/billing")));
        assertThat(statuses).isEmpty();
    }
}
