package bridge.bailey.desired;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.config.Configs;
import bridge.bailey.model.Answer;
import bridge.bailey.model.BridgedService;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.CatalogEntry.Status;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.ExternalNode;
import bridge.bailey.model.Finding;
import bridge.bailey.model.Health;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.LegacyDefaults;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineExportTest {

    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");
    private static final LegacyRules LEGACY = new LegacyRules(
            List.of(Glob.of("*")),
            false,
            new LegacyDefaults(Duration.ofSeconds(10), Duration.ofSeconds(2), 2, 3, Health.UNHEALTHY, 0.3, List.of()));
    private static final List<LegacyDeclaration.Port> PORTS = List.of(
            new LegacyDeclaration.Port("http", 80, 8080, Protocol.TCP, ""),
            new LegacyDeclaration.Port("admin", 81, 8081, Protocol.TCP, ""));
    private static final Origin TWO_MACHINES = new Origin.Static(List.of(
            new Origin.Static.Instance("vm-1", "10.20.0.11", "a"),
            new Origin.Static.Instance("vm-2", "10.20.0.12", "")));

    private Map<String, String> annotations = Map.of();
    private Map<ProbeTarget, Verdict> verdicts = Map.of();
    private Map<ConsulQuery, Answer<ConsulInstance>> consul = Map.of();
    private Optional<Probe> probe = Optional.empty();
    private boolean registered = true;

    private Desired<CatalogEntry> desired(String rules, Origin... origins) {
        LegacyDeclaration declaration = new LegacyDeclaration(
                BILLING,
                "uid",
                1,
                Instant.EPOCH,
                annotations,
                BILLING,
                PORTS,
                List.of(origins),
                probe,
                0.3,
                false,
                false,
                registered,
                Optional.empty(),
                List.of());
        LegacyView view = new LegacyView(
                BILLING,
                List.of(declaration),
                List.of(),
                Map.of(),
                consul,
                verdicts,
                Optional.empty(),
                List.of(),
                List.of(),
                true);
        return new BridgedExport(Configs.exportRules(rules), LEGACY)
                .desired(new BridgedService(BILLING, Optional.empty(), Optional.of(view)));
    }

    private static Verdict verdict(Health health, String reason) {
        return new Verdict(health, health, Optional.empty(), reason, false, List.of());
    }

    @Test
    void aMachineIsAnEntryOnANodeOfItsOwnWithTheFirstPort() {
        CatalogEntry entry = desired("", TWO_MACHINES).items().get(0);

        assertThat(entry.id()).isEqualTo("east/shop/billing/10.20.0.11:8080");
        assertThat(entry.name()).isEqualTo("billing");
        assertThat(entry.port()).isEqualTo(8080);
        assertThat(entry.tags()).isEmpty();
        assertThat(entry.node()).hasValue(new ExternalNode("vm-east-10-20-0-11", "10.20.0.11"));
        assertThat(entry.meta())
                .containsEntry("managed-by", "bailey")
                .containsEntry("bailey-cluster", "east")
                .containsEntry("k8s-zone", "a")
                .containsEntry("port-admin", "81");
        assertThat(entry.check()).hasValue(new CatalogEntry.Check(Status.PASSING, "Declared, and not probed"));
    }

    @Test
    void theVerdictIsTheCheckAndNoVerdictChangesNoHealthyOne() {
        probe = Optional.of(LEGACY.probe(new Probe.Check.Tcp("http")));
        verdicts = Map.of(
                new ProbeTarget("10.20.0.11", 8080), verdict(Health.HEALTHY, ""),
                new ProbeTarget("10.20.0.12", 8080), verdict(Health.UNHEALTHY, "connection refused"));

        assertThat(desired("", TWO_MACHINES).items())
                .extracting(entry -> entry.check().orElseThrow())
                .containsExactly(
                        new CatalogEntry.Check(Status.PASSING, "The probe of 10.20.0.11:8080 passes"),
                        new CatalogEntry.Check(
                                Status.CRITICAL, "The probe of 10.20.0.12:8080 fails: connection refused"));
    }

    @Test
    void withoutChecksOnlyTheHealthyAreRegistered() {
        probe = Optional.of(LEGACY.probe(new Probe.Check.Tcp("http")));
        verdicts = Map.of(new ProbeTarget("10.20.0.11", 8080), verdict(Health.HEALTHY, ""));

        assertThat(desired("bailey: {export: {checks: none}}", TWO_MACHINES).items())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.address()).isEqualTo("10.20.0.11");
                    assertThat(entry.check()).isEmpty();
                });
    }

    @Test
    void annotationsAndTheNamePatternHoldAsForAService() {
        annotations = Map.of(
                "bailey.bridge/port", "admin",
                "bailey.bridge/tags", "legacy,v1",
                "bailey.bridge/weight", "7",
                "bailey.bridge/meta-team", "billing");

        CatalogEntry entry = desired("bailey: {export: {name-pattern: \"{namespace}-{name}\"}}", TWO_MACHINES)
                .items()
                .get(0);

        assertThat(entry.name()).isEqualTo("shop-billing");
        assertThat(entry.port()).isEqualTo(8081);
        assertThat(entry.tags()).containsExactly("legacy", "v1");
        assertThat(entry.weight()).isEqualTo(7);
        assertThat(entry.meta()).containsEntry("team", "billing");
    }

    @Test
    void aBadAnnotationIsToldOnTheResource() {
        annotations = Map.of("bailey.bridge/port", "smtp", "bailey.bridge/name", "not a name");

        assertThat(desired("", TWO_MACHINES).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.INVALID_NAME);
            assertThat(finding.text()).startsWith("LegacyService shop/billing metadata.annotations");
        });
        annotations = Map.of("bailey.bridge/port", "smtp");
        Desired<CatalogEntry> desired = desired("", TWO_MACHINES);
        assertThat(desired.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.INVALID_ANNOTATION);
        assertThat(desired.items()).extracting(CatalogEntry::port).containsOnly(8080);
    }

    @Test
    void whatIsInConsulAlreadyIsNotRegisteredAgain() {
        ConsulQuery query = new ConsulQuery("billing", "", List.of());
        consul = Map.of(
                query,
                new Answer<>(
                        query.origin(),
                        true,
                        true,
                        List.of(new ConsulInstance("n/b", "10.20.0.13", 8080, "", Health.HEALTHY, "")),
                        Optional.empty(),
                        ""));

        assertThat(desired("", TWO_MACHINES, new Origin.Consul(query)).items())
                .extracting(CatalogEntry::address)
                .containsExactly("10.20.0.11", "10.20.0.12");
    }

    @Test
    void nothingIsRegisteredUnlessTheResourceSaysSo() {
        registered = false;

        assertThat(desired("", TWO_MACHINES).items()).isEmpty();
    }
}
