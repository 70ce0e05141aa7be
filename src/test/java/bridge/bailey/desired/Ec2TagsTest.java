package bridge.bailey.desired;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.desired.Ec2Tags.Tagged;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Finding;
import bridge.bailey.model.LegacyDeclaration.Metrics;
import bridge.bailey.model.Probe.Check;
import bridge.bailey.model.Probe.Encryption;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.model.TaggedService;
import bridge.bailey.model.TaggedService.TagPort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ec2TagsTest {

    private static final String ID = "i-0abc";

    @ParameterizedTest
    @CsvSource({
        "billing,                    default/billing",
        "billing:80,                 default/billing 80=80",
        "billing:80=8080,            default/billing 80=8080",
        "shop/billing,               shop/billing",
        "shop/billing:80=8080,       shop/billing 80=8080",
        "2nd-shop/b2-x:65535=1,      2nd-shop/b2-x 65535=1",
        "'a:1 a:2=3',                default/a 1=1 2=3",
        "'b:1 a',                    default/a; default/b 1=1",
        "'shop/a:1 a:1 a:2',         default/a 1=1 2=2; shop/a 1=1",
        "'a a:1 a',                  default/a 1=1",
        "'  a:1\t\u00a0\u2003b:2 ',  default/a 1=1; default/b 2=2",
    })
    void aTagNamesServicesAndTheirPorts(String tag, String expected) {
        Tagged tagged = read(Map.of("bailey:service", tag));

        assertThat(text(tagged)).isEqualTo(expected);
        assertThat(tagged.findings()).isEmpty();
    }

    @Test
    void anInstanceWithoutTheTagIsNoBusinessOfOurs() {
        assertThat(read(Map.of("Name", "db-1", "bailey:probe", "nonsense"))).isEqualTo(Tagged.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\u00a0"})
    void aTagThatNamesNothingIsReported(String tag) {
        Tagged tagged = read(Map.of("bailey:service", tag));

        assertThat(tagged.services()).isEmpty();
        assertThat(only(tagged).text())
                .isEqualTo(
                        "EC2 instance i-0abc tags[\"bailey:service\"]: must be [namespace/]name[:port[=targetPort]], or"
                                + " several; nothing is served meanwhile");
    }

    @ParameterizedTest
    @CsvSource({
        "Billing:80,       a name must be, default/i-0abc",
        "1billing,         a name must be, default/i-0abc",
        "-billing,         a name must be, default/i-0abc",
        "billing-,         a name must be, default/i-0abc",
        "bill_ing,         a name must be, default/i-0abc",
        "shop/,            a name must be, shop/i-0abc",
        ":80,              a name must be, default/i-0abc",
        "Shop/billing,     a namespace must be, default/i-0abc",
        "/billing,         a namespace must be, default/i-0abc",
        "a/b/c,            must be [namespace/], default/i-0abc",
        "billing:80:81,    must be [namespace/], default/i-0abc",
        "billing=80,       must be [namespace/], default/i-0abc",
        "billing:80=81=82, must be [namespace/], default/i-0abc",
        "'users,b:80',     'spaces separate several', default/i-0abc",
        "billing:,         a port must be, default/billing",
        "billing:0,        a port must be, default/billing",
        "billing:080,      a port must be, default/billing",
        "billing:65536,    a port must be, default/billing",
        "billing:-1,       a port must be, default/billing",
        "billing:http,     a port must be, default/billing",
        "billing:80=,      a port must be, default/billing",
        "billing:80=99999, a port must be, default/billing",
        "shop/billing:٨٠,  a port must be, shop/billing",
    })
    void anUnreadableWordIsReportedAndHarmsNoOther(String word, String message, String concerned) {
        Tagged tagged = read(Map.of("bailey:service", "users:8081 " + word + " shop/orders"));

        assertThat(text(tagged)).isEqualTo("default/users 8081=8081; shop/orders");
        Finding finding = only(tagged);
        assertThat(finding.kind()).isEqualTo(Finding.Kind.INVALID_TAG);
        assertThat(finding.subject()).isEqualTo(Finding.Subject.ec2Instance(ID));
        assertThat(finding.field()).isEqualTo("tags[\"bailey:service\"]");
        assertThat(finding.value()).isEqualTo(word);
        assertThat(finding.message()).contains(message).endsWith("; this word is left out, the others count");
        assertThat(finding.key()).hasToString(concerned);
    }

    @Test
    void aNameMayHave63CharactersAndNoMore() {
        assertThat(read(Map.of("bailey:service", "a".repeat(63))).services()).hasSize(1);
        assertThat(read(Map.of("bailey:service", "a".repeat(64))).services()).isEmpty();
    }

    @Test
    void ofTwoTargetsOfOnePortTheFirstCounts() {
        Tagged tagged = read(Map.of("bailey:service", "billing:80=8080 billing:80 billing:80=8080 billing:81"));

        assertThat(text(tagged)).isEqualTo("default/billing 80=8080 81=81");
        assertThat(only(tagged).text())
                .isEqualTo(
                        "EC2 instance i-0abc tags[\"bailey:service\"] \"billing:80\": port 80 has the target port 8080"
                                + " already, and can have one only; the first one counts");
        assertThat(only(tagged).key()).hasToString("default/billing");
    }

    @Test
    void namesWithoutANamespaceAreInThatOfTheTag() {
        Tagged tagged = read(Map.of("bailey:service", "billing shop/users", "bailey:namespace", " legacy "));

        assertThat(text(tagged)).isEqualTo("legacy/billing; shop/users");
        assertThat(tagged.findings()).isEmpty();
    }

    @Test
    void whereTheNamespaceCantBeReadOnlyNamesWithTheirOwnAreServed() {
        Tagged tagged = read(Map.of("bailey:service", "billing shop/users", "bailey:namespace", "My Shop"));

        assertThat(text(tagged)).isEqualTo("shop/users");
        assertThat(only(tagged).text())
                .isEqualTo(
                        "EC2 instance i-0abc tags[\"bailey:namespace\"] \"My Shop\": must be a DNS label of lower-case"
                                + " letters, digits and hyphens; services without a namespace of their own are left out meanwhile");
    }

    @Test
    void aServiceIsProbedByTcpUnlessATagSaysOtherwise() {
        assertThat(check(Map.of())).contains(new Check.Tcp(""));
        assertThat(check(Map.of("bailey:probe", ""))).contains(new Check.Tcp(""));
        assertThat(check(Map.of("bailey:probe", "tcp"))).contains(new Check.Tcp(""));
        assertThat(check(Map.of("bailey:probe", "none"))).isEmpty();
        assertThat(check(Map.of("bailey:probe", "grpc"))).contains(new Check.Grpc("", "", new Encryption.None()));
        assertThat(check(Map.of("bailey:probe", "http:/health?deep=1")))
                .contains(new Check.Http("", "/health?deep=1", "", 200, 399, new Encryption.None()));
        assertThat(check(Map.of("bailey:probe", "https:/")))
                .as("the certificate can't name an IP address, so it is not looked at")
                .contains(new Check.Http("", "/", "", 200, 399, new Encryption.Unverified()));
    }

    @Test
    void aServiceMayHaveAProbeOfItsOwn() {
        Tagged tagged = read(Map.of(
                "bailey:service", "billing users shop/users",
                "bailey:probe", "http:/health",
                "bailey:probe.users", "none"));

        assertThat(tagged.findings()).isEmpty();
        assertThat(tagged.services())
                .extracting(s -> s.key() + " " + s.check().isPresent())
                .containsExactly("default/billing true", "default/users false", "shop/users false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"TCP", "http", "http:", "http:health", "ftp:/x", "http:/a b", "http:/ä", "tcp:80", "http://x y"})
    void anUnreadableProbeIsReportedAndTcpMeanwhile(String probe) {
        Tagged tagged = read(Map.of("bailey:service", "billing", "bailey:probe", probe));

        assertThat(tagged.services().get(0).check()).contains(new Check.Tcp(""));
        assertThat(only(tagged).text())
                .isEqualTo("EC2 instance i-0abc tags[\"bailey:probe\"] \"" + probe
                        + "\": must be tcp, http:/path, https:/path, grpc or none; probed by TCP meanwhile");
    }

    @Test
    void anUnreadableProbeOfOneServiceLeavesTheCommonOne() {
        Tagged tagged = read(
                Map.of("bailey:service", "billing", "bailey:probe", "none", "bailey:probe.billing", "htp:/health"));

        assertThat(tagged.services().get(0).check()).isEmpty();
        assertThat(only(tagged).field()).isEqualTo("tags[\"bailey:probe.billing\"]");
        assertThat(only(tagged).key()).hasToString("default/billing");
        assertThat(only(tagged).message()).endsWith("; as if it were not there meanwhile");
    }

    @Test
    void aProbeOfAServiceThatIsNotThereIsReported() {
        Tagged tagged = read(Map.of("bailey:service", "billing users", "bailey:probe.biling", "grpc"));

        assertThat(only(tagged).text())
                .isEqualTo("EC2 instance i-0abc tags[\"bailey:probe.biling\"] \"grpc\": must name a service of"
                        + " bailey:service, which are [billing, users]; ignored");
    }

    @Test
    void aTagOfOursThatIsNotKnownIsReported() {
        Tagged tagged = read(Map.of("bailey:service", "billing", "bailey:services", "users", "Name", "x"));

        assertThat(text(tagged)).isEqualTo("default/billing");
        assertThat(only(tagged).text())
                .isEqualTo("EC2 instance i-0abc tags[\"bailey:services\"] \"users\": is none of [bailey:metrics,"
                        + " bailey:namespace, bailey:probe, bailey:service] or bailey:probe.<name>; ignored");
    }

    @ParameterizedTest
    @CsvSource({"9100, 9100, /metrics", "9100/metrics, 9100, /metrics", "9100/, 9100, /", "1/a/b, 1, /a/b"})
    void aTagSaysWhereTheMachineIsScraped(String tag, int port, String path) {
        Tagged tagged = read(Map.of("bailey:service", "billing", "bailey:metrics", tag));

        assertThat(tagged.services().get(0).metrics()).contains(new Metrics(port, path));
        assertThat(tagged.findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"metrics", "/metrics", "0", "65536", "9100metrics", "9100/a b", ":9100", "99999999999"})
    void anUnreadableMetricsTagIsReported(String tag) {
        Tagged tagged = read(Map.of("bailey:service", "billing", "bailey:metrics", tag));

        assertThat(tagged.services().get(0).metrics()).isEmpty();
        assertThat(only(tagged).message())
                .isEqualTo("must be a port from 1 to 65535, which a path may follow, such as 9100/metrics; not scraped"
                        + " meanwhile");
        assertThat(only(tagged).key()).isEqualTo(new ServiceKey("default", ID));
    }

    private static Optional<Check> check(Map<String, String> probe) {
        Map<String, String> tags = new HashMap<>(probe);
        tags.put("bailey:service", "billing:80");
        Tagged tagged = read(tags);
        assertThat(tagged.findings()).isEmpty();
        return tagged.services().get(0).check();
    }

    private static Finding only(Tagged tagged) {
        assertThat(tagged.findings()).hasSize(1);
        return tagged.findings().get(0);
    }

    private static Tagged read(Map<String, String> tags) {
        Ec2Instance instance = new Ec2Instance(ID, "10.20.0.11", "", "", "eu-central-1a", false, tags);
        Tagged tagged = Ec2Tags.read(instance, "default");
        assertThat(tagged.services()).allMatch(service -> service.instance().equals(instance));
        return tagged;
    }

    private static String text(Tagged tagged) {
        return String.join(
                "; ", tagged.services().stream().map(Ec2TagsTest::text).toList());
    }

    private static String text(TaggedService service) {
        List<String> ports = service.ports().stream().map(Ec2TagsTest::text).toList();
        return String.join(" ", service.key().toString(), String.join(" ", ports))
                .strip();
    }

    private static String text(TagPort port) {
        return port.port() + "=" + port.targetPort();
    }
}
