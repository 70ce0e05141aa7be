package bridge.bailey.view;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.Decision;
import bridge.bailey.desired.Decisions;
import bridge.bailey.desired.Desired;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.model.Finding;
import bridge.bailey.model.KubeService;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.MirrorService;
import bridge.bailey.view.GoldenCases.Known;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is told of the decisions, held against what was really done, in all golden cases. */
class DecisionsTest {

    private static final List<String> FAMILIES = List.of("bailey.bridge/", "consul.hashicorp.com/service-");

    private static List<Decision> decisions(Known known) {
        return new Decisions(known.settings().exportRules(), known.settings().legacyRules())
                .of(Optional.of(known.service()), known.service().legacy());
    }

    private static Optional<Decision> about(String what, List<Decision> all) {
        return all.stream().filter(decision -> decision.about().equals(what)).findFirst();
    }

    private static List<String> told(String name, List<Known> cases) {
        return cases.stream()
                .filter(known -> known.name().equals(name))
                .flatMap(known -> decisions(known).stream())
                .map(decision -> decision.about() + " = " + decision.value() + ", by " + decision.by())
                .toList();
    }

    @Test
    void whatIsToldOfAnExportIsWhatTheEntriesSay() {
        for (Known known : GoldenCases.ofExport()) {
            List<Decision> all = decisions(known);
            Desired<CatalogEntry> desired = known.inConsul();
            assertThat(about("export", all).orElseThrow().value())
                    .as(known.name())
                    .isEqualTo(desired.wanted() ? "yes" : "no");
            assertThat(desired.reason())
                    .as(known.name())
                    .matches(reason ->
                            reason.endsWith(about("export", all).orElseThrow().by())
                                    || reason.equals("not exported: its name or its port can't be used"));
            if (desired.items().isEmpty()) {
                continue;
            }
            assertThat(desired.items()).as(known.name()).allSatisfy(entry -> {
                assertThat(entry.name())
                        .startsWith(about("name", all).orElseThrow().value());
                assertThat(String.join(", ", entry.tags()))
                        .isEqualTo(about("tags", all).orElseThrow().value());
                assertThat(Integer.toString(entry.weight()))
                        .isEqualTo(about("weight", all).orElseThrow().value());
                assertThat(entry.check().isPresent() ? "readiness" : "none")
                        .isEqualTo(about("checks", all).orElseThrow().value());
            });
            Set<String> names = desired.items().stream().map(CatalogEntry::name).collect(Collectors.toSet());
            assertThat(names.size() == 1 || about("ports", all).isPresent())
                    .as(known.name())
                    .isTrue();
        }
    }

    @Test
    void anAnnotationIsToldToDecideIfAndOnlyIfItDid() {
        for (Known known : GoldenCases.ofExport()) {
            KubeService service = known.service().cluster().orElseThrow().service();
            Desired<CatalogEntry> desired = known.inConsul();
            List<String> deciding = decisions(known).stream().map(Decision::by).toList();
            assertThat(deciding)
                    .as(known.name())
                    .filteredOn(by -> by.startsWith("metadata.annotations"))
                    .allMatch(by -> service.annotations().keySet().stream().anyMatch(key -> names(by, key)));
            if (desired.items().isEmpty()) {
                continue;
            }
            for (String key : service.annotations().keySet()) {
                assertThat(deciding.stream().anyMatch(by -> names(by, key)))
                        .as("%s: %s", known.name(), key)
                        .isEqualTo(counts(key, service, desired));
            }
        }
    }

    private static boolean names(String by, String key) {
        return by.contains("metadata.annotations[\"" + key + "\"]") || by.contains("annotation " + key + " says");
    }

    /** It is one that Bailey reads, that says something, that no other one of its name outranks, and that is not refused. */
    private static boolean counts(String key, KubeService service, Desired<CatalogEntry> desired) {
        Optional<String> family = FAMILIES.stream().filter(key::startsWith).findFirst();
        String value = service.annotations().get(key).strip();
        boolean mayBeEmpty = key.contains("/meta-") || key.contains("service-meta-") || key.endsWith("tags");
        if (family.isEmpty() || (value.isEmpty() && !mayBeEmpty)) {
            return false;
        }
        boolean outranked = family.get().equals(FAMILIES.get(1))
                && service.annotations()
                        .containsKey(
                                FAMILIES.get(0) + key.substring(FAMILIES.get(1).length()));
        boolean refused = desired.findings().stream()
                .anyMatch(finding -> finding.kind() != Finding.Kind.INVALID_NAME
                        && finding.field().contains("\"" + key + "\""));
        return !outranked && !refused;
    }

    @Test
    void whatIsToldOfAMirrorIsWhatTheClusterGets() {
        for (Known known : GoldenCases.ofMirror()) {
            List<Decision> all = decisions(known);
            Desired<MirrorItem> desired = known.inCluster();
            assertThat(about("mirror", all).orElseThrow())
                    .as(known.name())
                    .isEqualTo(new Decision("mirror", desired.items().isEmpty() ? "no" : "yes", desired.reason()));
            Optional<MirrorService> service = desired.items().stream()
                    .filter(MirrorService.class::isInstance)
                    .map(MirrorService.class::cast)
                    .findFirst();
            assertThat(service.map(its -> its.type().text()))
                    .as(known.name())
                    .isEqualTo(about("Service", all)
                            .map(Decision::value)
                            .filter(value -> !value.equals("that which is there")));
            service.ifPresent(
                    its -> assertThat(about("ports", all).orElseThrow().value())
                            .as(known.name())
                            .isEqualTo(
                                    its.ports().isEmpty()
                                            ? "none"
                                            : its.ports().stream()
                                                    .map(MirrorService.Port::toString)
                                                    .collect(Collectors.joining(", "))));
        }
    }

    @Test
    void eachAnnotationOfAServiceIsNamed() {
        assertThat(told("annotations-of-both-families-ours-win", GoldenCases.ofExport()))
                .containsExactly(
                        "export = yes, by annotation bailey.bridge/sync says true",
                        "weight = 2, by metadata.annotations[\"bailey.bridge/weight\"]",
                        "meta team = ours, by metadata.annotations[\"bailey.bridge/meta-team\"]",
                        "meta tier = theirs, by metadata.annotations[\"consul.hashicorp.com/service-meta-tier\"]",
                        "tags = k8s, ours, by bailey.export.tags and metadata.annotations[\"bailey.bridge/tags\"]",
                        "checks = readiness, by bailey.export.checks is readiness",
                        "name = ours, by metadata.annotations[\"bailey.bridge/name\"]",
                        "port = http (80), by metadata.annotations[\"bailey.bridge/port\"]",
                        "ip-family = IPv4, by bailey.export.ip-family is primary",
                        "via = pod, by Service of type ClusterIP");
    }

    @Test
    void theResourceThatCountsAndTheOneThatLosesAreNamed() {
        assertThat(told("two-resources-claim-one-service", GoldenCases.ofMirror()))
                .containsExactly(
                        "registerInConsul = no, by LegacyService shop/older spec.registerInConsul",
                        "declared by = LegacyService shop/older, by the oldest of 2 that claim the Service",
                        "ignored = LegacyService shop/newer, by LegacyService shop/older claims the Service too and is"
                                + " older",
                        "failOpenBelow = 30%, by bailey.probe.fail-open-below",
                        "ports = web 80→80, by LegacyService shop/older spec.ports",
                        "probe = none: an instance is as healthy as its origin says, by LegacyService shop/older has no"
                                + " spec.probe",
                        "Service = ClusterIP, by the default: spec.headless is not set",
                        "mirror = yes, by mirrored: LegacyService shop/older declares it");
    }

    @Test
    void eachTagOfAMachineIsNamed() {
        assertThat(told("tags-with-each-kind-of-probe", GoldenCases.ofMirror()))
                .contains(
                        "declared by = EC2 tags, by no LegacyService claims the Service",
                        "ports = tcp-80 80→8080, by tags[\"bailey:service\"] of its machines",
                        "machine i-01 = listens on 8080, by EC2 instance i-01 tags[\"bailey:service\"]"
                                + " \"shop/billing:80=8080\"",
                        "probe of i-01 = none, by EC2 instance i-01 tags[\"bailey:probe\"] \"none\"",
                        "probe of i-04 = HTTPS GET /health, expecting 200-399, every 10 s within 2 s, rise 2, fall 3,"
                                + " by EC2 instance i-04 tags[\"bailey:probe\"] \"https:/health\"");
    }

    @Test
    void aServiceOfOtherNodesAndPortsTellsTheRuleForItsAddresses() {
        assertThat(told("node-port-external-only", GoldenCases.ofExport()))
                .contains(
                        "export = yes, by bailey.export.default is true",
                        "name = users, by bailey.export.name-pattern {name}",
                        "port = http (80), by the first of the Service's ports",
                        "via = node, by Service of type NodePort",
                        "node-address = external-only, by bailey.export.node-address is external-only");
    }
}
