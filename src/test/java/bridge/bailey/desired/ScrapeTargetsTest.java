package bridge.bailey.desired;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.ScrapeTargets.Target;
import bridge.bailey.model.Answer;
import bridge.bailey.model.ConsulInstance;
import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.Health;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDeclaration.Metrics;
import bridge.bailey.model.LegacyDeclaration.Origin;
import bridge.bailey.model.LegacyView;
import bridge.bailey.model.LegacyView.Tagged;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.TaggedService;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What Prometheus is told to scrape. */
class ScrapeTargetsTest {

    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");
    private static final Ec2Query WEST = new Ec2Query("eu-west-1", "", List.of());
    private static final Ec2Query OTHER_ACCOUNT =
            new Ec2Query("eu-west-1", "arn:aws:iam::123456789012:role/read", List.of());
    private static final ConsulQuery CONSUL = new ConsulQuery("billing", "dc1", List.of());
    private static final Metrics NODE = new Metrics(9100, "/metrics");

    private static LegacyDeclaration declaration(Optional<Metrics> metrics, Origin... origins) {
        return new LegacyDeclaration(
                BILLING,
                "uid",
                1,
                Instant.EPOCH,
                Map.of(),
                BILLING,
                List.of(new LegacyDeclaration.Port("http", 80, 8080, Protocol.TCP, "")),
                List.of(origins),
                Optional.empty(),
                0.3,
                false,
                false,
                false,
                metrics,
                List.of());
    }

    private static LegacyView view(
            List<LegacyDeclaration> claims, List<Tagged> tagged, Map<Ec2Query, List<Ec2Instance>> ec2) {
        Map<Ec2Query, Answer<Ec2Instance>> answers = new HashMap<>();
        ec2.forEach((query, all) ->
                answers.put(query, new Answer<>(query.origin(), true, true, all, Optional.of(Instant.EPOCH), "")));
        Answer<ConsulInstance> consul = new Answer<>(
                CONSUL.origin(),
                true,
                true,
                List.of(new ConsulInstance("billing-7", "10.20.0.7", 8080, "z7", Health.UNHEALTHY, "down")),
                Optional.of(Instant.EPOCH),
                "");
        return new LegacyView(
                BILLING,
                claims,
                tagged,
                answers,
                Map.of(CONSUL, consul),
                Map.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                true);
    }

    private static List<Target> targets(LegacyDeclaration declaration) {
        return targets(view(List.of(declaration), List.of(), Map.of()));
    }

    private static List<Target> targets(LegacyView view) {
        return ScrapeTargets.of(view, LegacyWorlds.RULES);
    }

    private static Origin statics(String... addresses) {
        return new Origin.Static(List.of(addresses).stream()
                .map(a -> new Origin.Static.Instance("vm-" + a, a, "a"))
                .toList());
    }

    private static Ec2Instance machine(String id, String address, Map<String, String> tags) {
        return new Ec2Instance(id, address, "", "", "eu-west-1b", false, tags);
    }

    private static Tagged tagged(Ec2Instance machine, TaggedService.TagPort... ports) {
        return new Tagged(
                WEST.origin(),
                new TaggedService(BILLING, machine, List.of(ports), Optional.empty(), Optional.of(NODE)));
    }

    @Test
    void aMachineOfAListIsATargetUnderItsIdAndZone() {
        assertThat(targets(declaration(Optional.of(NODE), statics("10.20.0.11"))))
                .containsExactly(new Target(
                        "10.20.0.11:9100",
                        Map.of(
                                "__meta_bailey_service", "billing",
                                "__meta_bailey_namespace", "shop",
                                "__meta_bailey_instance_id", "vm-10.20.0.11",
                                "__meta_bailey_address", "10.20.0.11",
                                "__meta_bailey_zone", "a",
                                "__meta_bailey_origin", "static",
                                "__metrics_path__", "/metrics")));
    }

    @Test
    void withoutDeclaredMetricsThereIsNoTarget() {
        assertThat(targets(declaration(Optional.empty(), statics("10.20.0.11"))))
                .isEmpty();
    }

    @Test
    void anUnhealthyMachineStaysATarget() {
        assertThat(targets(declaration(Optional.of(NODE), new Origin.Consul(CONSUL))))
                .singleElement()
                .satisfies(target -> {
                    assertThat(target.target()).isEqualTo("10.20.0.7:9100");
                    assertThat(target.labels())
                            .containsEntry("__meta_bailey_origin", "consul")
                            .containsEntry("__meta_bailey_instance_id", "billing-7");
                });
    }

    @Test
    void ipv6StandsInBrackets() {
        assertThat(targets(declaration(Optional.of(NODE), statics("FD00:20::42"))))
                .extracting(Target::target)
                .containsExactly("[fd00:20::42]:9100");
    }

    @Test
    void anAddressThatNobodyCanReachIsNoTarget() {
        assertThat(targets(declaration(Optional.of(NODE), statics("169.254.0.1", "vm-1", ""))))
                .isEmpty();
    }

    @Test
    void aMachineOfEc2HasTheLabelsOfEc2sd() {
        Ec2Instance machine = new Ec2Instance(
                "i-1",
                "10.20.0.12",
                "203.0.113.7",
                "",
                "eu-west-1b",
                true,
                Map.of("Name", "billing 1", "bailey:service", "shop/billing:80", "Größe", "m"));
        LegacyView view = view(
                List.of(declaration(Optional.of(NODE), new Origin.Ec2(List.of(WEST), true))),
                List.of(),
                Map.of(WEST, List.of(machine)));

        assertThat(targets(view)).singleElement().satisfies(target -> {
            assertThat(target.target()).isEqualTo("203.0.113.7:9100");
            assertThat(target.labels())
                    .containsEntry("__meta_bailey_origin", "ec2")
                    .containsEntry("__meta_bailey_instance_id", "i-1")
                    .containsEntry("__meta_ec2_instance_id", "i-1")
                    .containsEntry("__meta_ec2_private_ip", "10.20.0.12")
                    .containsEntry("__meta_ec2_public_ip", "203.0.113.7")
                    .containsEntry("__meta_ec2_availability_zone", "eu-west-1b")
                    .containsEntry("__meta_ec2_region", "eu-west-1")
                    .containsEntry("__meta_ec2_instance_state", "stopping")
                    .containsEntry("__meta_ec2_tag_Name", "billing 1")
                    .containsEntry("__meta_ec2_tag_bailey_service", "shop/billing:80")
                    .containsEntry("__meta_ec2_tag_Gr__e", "m");
        });
    }

    @Test
    void whatIsNotKnownHasNoLabel() {
        LegacyView view = view(
                List.of(declaration(Optional.of(NODE), new Origin.Ec2(List.of(WEST), false))),
                List.of(),
                Map.of(WEST, List.of(machine("i-1", "10.20.0.12", Map.of("empty", "")))));

        assertThat(targets(view).get(0).labels())
                .doesNotContainKeys("__meta_ec2_public_ip", "__meta_ec2_tag_empty")
                .containsEntry("__meta_ec2_instance_state", "running");
    }

    @Test
    void theZoneTellsTheRegionThatTheSdkFound() {
        Ec2Query query = new Ec2Query("", "", List.of());
        LegacyView view = view(
                List.of(declaration(Optional.of(NODE), new Origin.Ec2(List.of(query), false))),
                List.of(),
                Map.of(query, List.of(machine("i-1", "10.20.0.12", Map.of()))));

        assertThat(targets(view).get(0).labels()).containsEntry("__meta_ec2_region", "eu-west-1");
    }

    @Test
    void anEqualAddressInAnotherAccountIsAnotherMachine() {
        LegacyView view = view(
                List.of(declaration(Optional.of(NODE), new Origin.Ec2(List.of(WEST), false))),
                List.of(),
                Map.of(
                        WEST, List.of(machine("i-ours", "10.20.0.12", Map.of())),
                        OTHER_ACCOUNT, List.of(machine("i-another", "10.20.0.12", Map.of()))));

        assertThat(targets(view)).singleElement().satisfies(target -> assertThat(target.labels())
                .containsEntry("__meta_ec2_instance_id", "i-ours"));
    }

    @Test
    void aTaggedMachineIsATargetThoughNoPortOfTheServiceIsKnown() {
        Ec2Instance machine = machine("i-1", "10.20.0.12", Map.of());

        assertThat(targets(view(List.of(), List.of(tagged(machine)), Map.of())))
                .singleElement()
                .satisfies(target -> {
                    assertThat(target.target()).isEqualTo("10.20.0.12:9100");
                    assertThat(target.labels()).containsEntry("__meta_ec2_instance_id", "i-1");
                });
    }

    @Test
    void aMachineThatServesTwoPlacesOfAServiceIsOneTarget() {
        Ec2Instance machine = machine("i-1", "10.20.0.12", Map.of());
        LegacyView view = view(
                List.of(),
                List.of(
                        tagged(machine, new TaggedService.TagPort(80, 8080)),
                        tagged(machine, new TaggedService.TagPort(81, 9090))),
                Map.of());

        assertThat(Merging.merge(view, LegacyWorlds.RULES).instances()).hasSize(2);
        assertThat(targets(view)).hasSize(1);
    }

    @Test
    void whereAListAndEc2KnowAMachineTheFirstNamesItAndEc2DescribesIt() {
        LegacyView view = view(
                List.of(declaration(Optional.of(NODE), statics("10.20.0.12"), new Origin.Ec2(List.of(WEST), false))),
                List.of(),
                Map.of(WEST, List.of(machine("i-1", "10.20.0.12", Map.of()))));

        assertThat(targets(view)).singleElement().satisfies(target -> assertThat(target.labels())
                .containsEntry("__meta_bailey_instance_id", "vm-10.20.0.12")
                .containsEntry("__meta_bailey_origin", "static")
                .containsEntry("__meta_ec2_instance_id", "i-1"));
    }

    @Test
    void aHostNameIsATargetOfItsOwn() {
        assertThat(targets(declaration(Optional.of(NODE), new Origin.HostName("billing.example.com"))))
                .singleElement()
                .satisfies(target -> {
                    assertThat(target.target()).isEqualTo("billing.example.com:9100");
                    assertThat(target.labels()).containsEntry("__meta_bailey_origin", "hostname");
                });
    }

    @Test
    void aQueryOfThePathBecomesParameters() {
        Metrics metrics = new Metrics(9100, "/probe?module=tcp&collect[]=cpu&empty");

        assertThat(targets(declaration(Optional.of(metrics), statics("10.20.0.11")))
                        .get(0)
                        .labels())
                .containsEntry("__metrics_path__", "/probe")
                .containsEntry("__param_module", "tcp")
                .doesNotContainKeys("__param_collect[]", "__param_empty");
    }

    @Test
    void theyComeInTheOrderOfTheirIds() {
        assertThat(targets(declaration(Optional.of(NODE), statics("10.20.0.13", "10.20.0.11", "10.20.0.12"))))
                .extracting(Target::target)
                .containsExactly("10.20.0.11:9100", "10.20.0.12:9100", "10.20.0.13:9100");
    }

    @Property(tries = 300)
    void whateverTheTagsAreCalledPrometheusTakesTheLabels(@ForAll @Size(max = 5) Map<String, String> tags) {
        LegacyView view = view(List.of(), List.of(tagged(machine("i-1", "10.20.0.12", tags))), Map.of());

        assertThat(targets(view)).singleElement().satisfies(target -> assertThat(target.labels())
                .allSatisfy((name, value) -> {
                    assertThat(name).matches("[a-zA-Z_][a-zA-Z0-9_]*");
                    assertThat(value).isNotEmpty();
                }));
    }
}
