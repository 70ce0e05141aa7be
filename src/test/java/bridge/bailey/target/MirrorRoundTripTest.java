package bridge.bailey.target;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.LegacyWorlds;
import bridge.bailey.desired.LegacyWorlds.World;
import bridge.bailey.desired.Mirror;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.MirrorItem;
import bridge.bailey.model.MirrorService;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ScrapeAnnotations;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.source.KubeMarks;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What is written and read back is as it was, and what others did to it shows. */
class MirrorRoundTripTest {

    private static final ServiceKey BILLING = new ServiceKey("shop", "billing");
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private static final MirrorService SERVICE = new MirrorService(
            BILLING,
            "billing",
            MirrorService.Type.CLUSTER_IP,
            "",
            List.of(new MirrorService.Port("http", 80, 8080, Protocol.TCP, "http")),
            Map.of(),
            "");

    private static final MirrorEndpoint ENDPOINT = new MirrorEndpoint(
            BILLING,
            "billing",
            "10.20.0.11",
            List.of(new bridge.bailey.model.EndpointPort("http", 8080, Protocol.TCP, "http")),
            Readiness.DRAINING,
            "eu-central-1a",
            "");

    @Property
    void whatIsWrittenIsReadBackAsItWas(@ForAll("worlds") World world) {
        List<MirrorItem> items = new Mirror(LegacyWorlds.RULES)
                .desired(world.view(BILLING, Optional.empty(), List.of()))
                .items();
        MirrorManifests manifests = MirrorManifests.of(BILLING, Optional.empty(), List.of(), items);
        Optional<Service> service = manifests.service().map(s -> overTheWire(s, Service.class));

        assertThat(service.map(s -> MirrorReader.service(BILLING, s)))
                .isEqualTo(items.stream()
                        .filter(MirrorService.class::isInstance)
                        .map(MirrorService.class::cast)
                        .findFirst());
        assertThat(manifests.slices().stream()
                        .map(slice -> overTheWire(slice, EndpointSlice.class))
                        .flatMap(slice -> MirrorReader.slice(BILLING, slice, service).endpoints().stream()))
                .containsExactlyInAnyOrderElementsOf(items.stream()
                        .filter(MirrorEndpoint.class::isInstance)
                        .map(MirrorEndpoint.class::cast)
                        .toList());
    }

    private static <T> T overTheWire(T object, Class<T> type) {
        return SERIALIZATION.unmarshal(SERIALIZATION.asJson(object), type);
    }

    private static Service service() {
        Service service = MirrorObjects.service(SERVICE);
        service.getMetadata().setUid("uid-1");
        return service;
    }

    private static EndpointSlice slice() {
        return MirrorManifests.of(BILLING, Optional.of(service()), List.of(), List.of(ENDPOINT))
                .slices()
                .get(0);
    }

    @Test
    void whatTheApiServerAddsToAServiceIsNoDifference() {
        Service defaulted = new ServiceBuilder(service())
                .editMetadata()
                .withResourceVersion("7")
                .endMetadata()
                .editSpec()
                .withClusterIP("10.96.0.7")
                .withClusterIPs("10.96.0.7")
                .withIpFamilies("IPv4")
                .withIpFamilyPolicy("SingleStack")
                .withInternalTrafficPolicy("Cluster")
                .withSessionAffinity("None")
                .endSpec()
                .build();

        assertThat(MirrorReader.service(BILLING, defaulted)).isEqualTo(SERVICE);
    }

    @Test
    void anAbsentTargetPortIsThePortAndAnAbsentProtocolTcp() {
        Service service = new ServiceBuilder(service())
                .editSpec()
                .editFirstPort()
                .withTargetPort(null)
                .withProtocol(null)
                .endPort()
                .endSpec()
                .build();

        assertThat(MirrorReader.service(BILLING, service).ports())
                .containsExactly(new MirrorService.Port("http", 80, 80, Protocol.TCP, "http"));
    }

    @Test
    void whatOthersMadeOfAServiceShows() {
        Service edited = new ServiceBuilder(service())
                .editSpec()
                .addToSelector("app", "else")
                .withType("NodePort")
                .withInternalTrafficPolicy("Local")
                .editFirstPort()
                .withTargetPort(new IntOrString("http"))
                .endPort()
                .endSpec()
                .build();

        MirrorService read = MirrorReader.service(BILLING, edited);

        assertThat(read.flaws()).isEqualTo("selector, type NodePort, internalTrafficPolicy");
        assertThat(MirrorReader.service(BILLING, MirrorObjects.put(edited, SERVICE)))
                .isEqualTo(SERVICE);
    }

    private static MirrorService annotated(Map<String, String> annotations) {
        return new MirrorService(
                SERVICE.key(),
                SERVICE.legacyService(),
                SERVICE.type(),
                SERVICE.externalName(),
                SERVICE.ports(),
                annotations,
                "");
    }

    @Test
    void annotationsComeAndGoAndThoseOfOthersStay() {
        MirrorService wanted = annotated(ScrapeAnnotations.of(new LegacyDeclaration.Metrics(9100, "/prom")));
        Service others = new ServiceBuilder(service())
                .editMetadata()
                .addToAnnotations("team", "billing")
                .endMetadata()
                .build();

        Service put = overTheWire(MirrorObjects.put(others, wanted), Service.class);
        assertThat(put.getMetadata().getAnnotations())
                .containsEntry("prometheus.io/scrape", "true")
                .containsEntry("prometheus.io/port", "9100")
                .containsEntry("prometheus.io/path", "/prom")
                .containsEntry("team", "billing");
        assertThat(MirrorReader.service(BILLING, put)).isEqualTo(wanted);

        put.getMetadata().getAnnotations().put("prometheus.io/port", "1");
        assertThat(MirrorReader.service(BILLING, put).differences(wanted))
                .singleElement()
                .asString()
                .contains("annotations", "port=1", "port=9100");

        Service without = MirrorObjects.put(put, SERVICE);
        assertThat(without.getMetadata().getAnnotations()).containsExactly(Map.entry("team", "billing"));
        assertThat(MirrorReader.service(BILLING, without)).isEqualTo(SERVICE);
    }

    @Test
    void annotationsOfOthersForPrometheusAreNotTouchedUnlessAsked() {
        Service others = new ServiceBuilder(service())
                .editMetadata()
                .addToAnnotations("prometheus.io/scrape", "true")
                .endMetadata()
                .build();

        assertThat(MirrorReader.service(BILLING, others)).isEqualTo(SERVICE);
        assertThat(MirrorObjects.put(others, SERVICE).getMetadata().getAnnotations())
                .containsExactly(Map.entry("prometheus.io/scrape", "true"));
    }

    @Test
    void aServiceThatIsGivenUpKeepsNoneOfOurAnnotations() {
        Service put = MirrorObjects.put(
                service(), annotated(ScrapeAnnotations.of(new LegacyDeclaration.Metrics(9100, "/prom"))));

        assertThat(MirrorObjects.release(put).getMetadata().getAnnotations()).isNull();
    }

    @Test
    void aServiceWithoutAnythingIsReadAllTheSame() {
        Service bare = new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("billing")
                .endMetadata()
                .build();

        assertThat(MirrorReader.service(BILLING, bare))
                .isEqualTo(new MirrorService(BILLING, "", MirrorService.Type.CLUSTER_IP, "", List.of(), Map.of(), ""));
    }

    /** An absent condition means ready: what is not written out is not what Bailey wrote. */
    @Test
    void absentConditionsAreRepaired() {
        EndpointSlice edited = new EndpointSliceBuilder(slice())
                .editFirstEndpoint()
                .withConditions(null)
                .endEndpoint()
                .build();

        MirrorEndpoint read = read(edited);

        assertThat(read.readiness()).isEqualTo(Readiness.READY);
        assertThat(read.flaws()).isEqualTo("endpoint");
    }

    @Test
    void aNodeNameAndASecondAddressAreRepaired() {
        EndpointSlice edited = new EndpointSliceBuilder(slice())
                .editFirstEndpoint()
                .withNodeName("n1")
                .endEndpoint()
                .build();
        EndpointSlice twice = new EndpointSliceBuilder(slice())
                .editFirstEndpoint()
                .addToAddresses("10.66.6.6")
                .endEndpoint()
                .build();

        assertThat(read(edited).flaws()).isEqualTo("endpoint");
        assertThat(read(twice).flaws()).isEqualTo("endpoint");
    }

    @Test
    void aLostLabelAndAnotherOwnerAreRepairedAndLabelsOfOthersAreNot() {
        EndpointSlice labelled = new EndpointSliceBuilder(slice())
                .editMetadata()
                .addToLabels("team", "billing")
                .endMetadata()
                .build();
        EndpointSlice edited = new EndpointSliceBuilder(slice())
                .editMetadata()
                .removeFromLabels(KubeMarks.MANAGED_BY)
                .editFirstOwnerReference()
                .withUid("uid-0")
                .endOwnerReference()
                .endMetadata()
                .build();

        assertThat(read(labelled)).isEqualTo(ENDPOINT);
        assertThat(read(edited).flaws()).isEqualTo("labels, owner reference");
    }

    /** kube-proxy ignores slices with this label. */
    @Test
    void theLabelForHeadlessServicesIsOnTheirSlicesOnly() {
        EndpointSlice edited = new EndpointSliceBuilder(slice())
                .editMetadata()
                .addToLabels(MirrorObjects.HEADLESS, "")
                .endMetadata()
                .build();

        assertThat(slice().getMetadata().getLabels()).doesNotContainKey(MirrorObjects.HEADLESS);
        assertThat(read(edited).flaws()).isEqualTo("labels");
    }

    /** Or nothing would stand for it, and it would stay for good. */
    @Test
    void anEmptiedSliceHasAnEndpointThatNobodyWants() {
        EndpointSlice empty =
                new EndpointSliceBuilder(slice()).withEndpoints(List.of()).build();
        Slicing.Slice read = MirrorReader.slice(BILLING, empty, Optional.of(service()));

        assertThat(read.endpoints()).singleElement().satisfies(e -> assertThat(e.address())
                .isEmpty());
        assertThat(Slicing.writes(List.of(read), read.endpoints())).isEmpty();
        assertThat(Slicing.writes(List.of(read), List.of())).allMatch(Slicing.Write::isDelete);
        assertThat(Slicing.writes(List.of(read), List.of(ENDPOINT)))
                .singleElement()
                .satisfies(write -> assertThat(write.name()).isPresent());
    }

    private static MirrorEndpoint read(EndpointSlice slice) {
        return MirrorReader.slice(BILLING, slice, Optional.of(service()))
                .endpoints()
                .get(0);
    }

    @Test
    void aReleasedServiceIsNoLongerOurs() {
        Service service = service();
        service.getMetadata()
                .setLabels(new java.util.HashMap<>(service.getMetadata().getLabels()));
        service.getMetadata().getLabels().put("team", "billing");

        assertThat(MirrorObjects.release(service).getMetadata().getLabels()).isEqualTo(Map.of("team", "billing"));
    }

    @Provide
    Arbitrary<World> worlds() {
        return LegacyWorlds.of(BILLING);
    }
}
