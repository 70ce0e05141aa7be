package bridge.bailey.source;

import static bridge.bailey.source.Machines.machine;
import static bridge.bailey.source.Machines.machines;
import static bridge.bailey.source.Machines.stopping;
import static bridge.bailey.source.WireEc2.describe;
import static bridge.bailey.source.WireEc2.error;
import static bridge.bailey.source.WireEc2.firstPage;
import static bridge.bailey.source.WireEc2.instances;
import static bridge.bailey.source.WireEc2.page;
import static bridge.bailey.source.WireEc2.xml;
import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bridge.bailey.local.Ec2Request;
import bridge.bailey.local.Ec2Xml;
import bridge.bailey.local.LocalEc2;
import bridge.bailey.local.Ports;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.model.Ec2Query.Filter;
import com.github.tomakehurst.wiremock.http.Fault;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;

/** What comes over the wire, and what goes wrong on it. */
class AwsEc2Test {

    private static final Ec2Query QUERY =
            new Ec2Query("eu-central-1", "", List.of(new Filter("tag-key", List.of("bailey:service"))));

    private final WireEc2 ec2 = new WireEc2();
    private final SystemProperties properties = new SystemProperties();
    private AwsEc2 api = new AwsEc2(ec2.settings());

    @AfterEach
    void stop() {
        api.close();
        ec2.close();
        properties.close();
    }

    @Test
    void allPagesAreRead() throws Ec2Exception {
        try (LocalEc2 local = LocalEc2.start();
                AwsEc2 small = new AwsEc2("test", local.url(), 5)) {
            local.put(machines(0, 23).toArray(Ec2Instance[]::new));

            assertThat(small.instances(QUERY)).isEqualTo(machines(0, 23));
            assertThat(local.requests()).isEqualTo(5);
        }
    }

    @Test
    void onlyInstancesThatRunOrAreAboutToStopCount() throws Ec2Exception {
        try (LocalEc2 local = LocalEc2.start();
                AwsEc2 simulated = new AwsEc2("test", local.url())) {
            List<String> states = List.of("pending", "running", "shutting-down", "terminated", "stopping", "stopped");
            for (int i = 0; i < states.size(); i++) {
                local.put(machine(i));
                local.setState(machine(i).id(), states.get(i));
            }

            assertThat(simulated.instances(QUERY))
                    .containsExactly(machine(1), stopping(machine(2)), stopping(machine(4)));
        }
    }

    @Test
    void statesThatDontCountAreDroppedEvenIfTheyAreAnswered() throws Ec2Exception {
        ec2.answers(xml(
                200,
                Ec2Xml.page(
                        Stream.of("pending", "stopped", "terminated", "running")
                                .map(state -> Ec2Xml.reservation(machine(state.length()), state))
                                .toList(),
                        "")));

        assertThat(api.instances(QUERY)).containsExactly(machine("running".length()));
    }

    @Test
    void theFiltersOfTheQueryAreSentWithThatOfTheStates() throws Ec2Exception {
        ec2.answers(instances(List.of(), ""));
        Filter app = new Filter("tag:app", List.of("billing", "users*"));

        api.instances(new Ec2Query("eu-central-1", "", List.of(app)));

        assertThat(ec2.requests("DescribeInstances")).singleElement().satisfies(request -> assertThat(
                        Ec2Request.of(request.getBodyAsString()))
                .isEqualTo(new Ec2Request(
                        "DescribeInstances",
                        100,
                        "",
                        List.of(
                                app,
                                new Filter("instance-state-name", List.of("running", "shutting-down", "stopping"))))));
    }

    @Test
    void aQueryMayChooseAmongTheStates() throws Ec2Exception {
        ec2.answers(instances(List.of(machine(1)), ""));
        Filter running = new Filter("instance-state-name", List.of("running"));

        api.instances(new Ec2Query("eu-central-1", "", List.of(running)));

        assertThat(Ec2Request.of(ec2.requests("DescribeInstances").get(0).getBodyAsString())
                        .filters())
                .containsExactly(running);
    }

    @Test
    void anInstanceThatIsListedTwiceIsThereOnce() throws Ec2Exception {
        ec2.server().stubFor(firstPage().willReturn(instances(List.of(machine(1), machine(2)), "two")));
        ec2.server().stubFor(page("two").willReturn(instances(List.of(stopping(machine(2)), machine(3)), "")));

        assertThat(api.instances(QUERY))
                .as("the later page is the newer")
                .containsExactly(machine(1), stopping(machine(2)), machine(3));
    }

    @Test
    void addressesOfEitherFamilyAreReadAndAnInstanceWithoutAnyIsNot() throws Ec2Exception {
        Ec2Instance both =
                new Ec2Instance("i-1", "10.0.0.1", "3.3.3.3", "2001:db8::1", "eu-central-1b", false, Map.of());
        Ec2Instance six = new Ec2Instance("i-2", "", "", "2001:db8::2", "", false, Map.of("a&b<c>", "", "Name", "six"));
        Ec2Instance none = new Ec2Instance("i-3", "", "", "", "eu-central-1a", false, Map.of());
        ec2.answers(instances(List.of(both, six, none), ""));

        assertThat(api.instances(QUERY)).containsExactly(both, six);
    }

    @Test
    void aDryRunTellsWhetherAQueryWouldBeAllowedAndReadsNothing() throws Ec2Exception {
        ec2.answers(error(412, "DryRunOperation"));
        api.dryRun(QUERY);
        assertThat(ec2.requests("DescribeInstances"))
                .singleElement()
                .satisfies(request -> assertThat(request.getBodyAsString()).contains("DryRun=true"));

        ec2.answers(error(403, "UnauthorizedOperation"));
        assertThat(catchThrowableOfType(Ec2Exception.class, () -> api.dryRun(QUERY)))
                .hasMessageContaining("ec2:DescribeInstances");

        ec2.server().stubFor(WireEc2.assumeRole().willReturn(error(403, "AccessDenied")));
        Ec2Query byRole = new Ec2Query("eu-central-1", "arn:aws:iam::123456789012:role/bailey-read", List.of());
        assertThat(catchThrowableOfType(Ec2Exception.class, () -> api.dryRun(byRole)))
                .hasMessageContaining("role/bailey-read can't be assumed");
    }

    @Test
    void anEmptyEstateIsAGoodAnswer() throws Ec2Exception {
        ec2.answers(instances(List.of(), ""));

        assertThat(api.instances(QUERY)).isEmpty();
    }

    @Test
    void beingThrottledForAMomentIsNoFailure() throws Ec2Exception {
        ec2.server()
                .stubFor(describe()
                        .inScenario("throttled")
                        .willReturn(error(503, "RequestLimitExceeded"))
                        .willSetStateTo("over"));
        ec2.server()
                .stubFor(describe()
                        .inScenario("throttled")
                        .whenScenarioStateIs("over")
                        .willReturn(instances(machines(0, 2), "")));

        assertThat(api.instances(QUERY)).isEqualTo(machines(0, 2));
        assertThat(ec2.requests("DescribeInstances")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503|RequestLimitExceeded|EC2 in eu-central-1 throttles this account (RequestLimitExceeded, HTTP 503); it is asked"
                        + " less often meanwhile",
                "400|Throttling|EC2 in eu-central-1 throttles this account (Throttling, HTTP 400); it is asked less often meanwhile",
                "503|Unavailable|EC2 in eu-central-1 is not available (Unavailable, HTTP 503)",
                "500|InternalError|EC2 in eu-central-1 is not available (InternalError, HTTP 500)",
                "400|RequestExpired|the credentials have expired (RequestExpired, HTTP 400), or this machine's clock is wrong",
                "400|ExpiredToken|the credentials have expired (ExpiredToken, HTTP 400), or this machine's clock is wrong",
                "403|UnauthorizedOperation|the credentials need the permission ec2:DescribeInstances (UnauthorizedOperation, HTTP 403)",
                "401|AuthFailure|EC2 in eu-central-1 does not accept the credentials (HTTP 401): they are wrong, or the"
                        + " region is not enabled in their account",
                "403|OptInRequired|EC2 in eu-central-1 does not accept the credentials (OptInRequired, HTTP 403): they are wrong, or"
                        + " the region is not enabled in their account",
            })
    void whatEc2SaysIsTold(int status, String code, String sentence) {
        ec2.answers(error(status, code));

        assertThat(failure(QUERY)).isEqualTo(sentence);
    }

    @Test
    void aRefusedFilterIsToldInTheWordsOfEc2() {
        ec2.answers(xml(400, Ec2Xml.error("InvalidParameterValue", "The filter 'tga:app' is invalid")));

        assertThat(failure(QUERY))
                .isEqualTo(
                        "EC2 in eu-central-1 refuses the request (InvalidParameterValue, HTTP 400): The filter 'tga:app' is"
                                + " invalid");
    }

    @Test
    void anErrorThatIsNotEc2sIsToldByItsStatus() {
        ec2.answers(aResponse().withStatus(502).withBody("<html><body><h1>Bad Gateway<p></body></html>"));

        assertThat(failure(QUERY)).isEqualTo("EC2 in eu-central-1 is not available (HTTP 502)");
    }

    @Test
    void aFailureOnAnyPageIsTheFailureOfAll() {
        ec2.server().stubFor(firstPage().willReturn(instances(machines(0, 5), "two")));
        ec2.server().stubFor(page("two").willReturn(error(400, "RequestExpired")));

        assertThat(failure(QUERY)).startsWith("the credentials have expired");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<?xml version=\"1.0\"?>",
                "not XML at all",
                "<DescribeInstancesResponse><reservationSet><item>",
                "<DescribeInstancesResponse><reservationSet><item></reservationSet></DescribeInstancesResponse>",
                "<html><head><title>Sign in</title></head><body><p>Please sign in<br></body></html>",
                "<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>Sign in</body></html>",
                "<html><body><p>Well-formed, and still not EC2</p></body></html>",
                "<DescribeInstancesResponse><requestId>1</requestId></DescribeInstancesResponse>",
                "{\"reservations\": []}",
            })
    void anAnswerThatIsNotEc2sIsNoEmptyEstate(String body) {
        ec2.answers(xml(200, body));

        assertThat(failure(QUERY))
                .satisfiesAnyOf(
                        text -> assertThat(text)
                                .isEqualTo(
                                        "the answer of EC2 in eu-central-1 was cut off or is not XML: is there a proxy"
                                                + " between, or is the endpoint wrong?"),
                        text -> assertThat(text)
                                .isEqualTo(
                                        "the answer has no reservationSet, so it is not EC2's: is there a proxy between,"
                                                + " or is the endpoint wrong?"));
    }

    @Test
    void anAnswerThatIsCutAnywhereIsAFailure() {
        String whole = Ec2Xml.page(
                        machines(0, 2).stream().map(Ec2Xml::reservation).toList(), "")
                .stripTrailing();
        for (int length = 1; length < whole.length(); length += whole.length() / 20) {
            ec2.answers(xml(200, whole.substring(0, length)));
            assertThat(failure(QUERY)).as("cut after " + length).contains("is there a proxy between");
        }
    }

    @Test
    void aPageThatComesAgainEndsTheReading() {
        ec2.server().stubFor(firstPage().willReturn(instances(machines(0, 1), "two")));
        ec2.server().stubFor(page("two").willReturn(instances(machines(1, 2), "two")));

        assertThat(failure(QUERY)).isEqualTo("the answer does not end: EC2 named the same next page twice");
    }

    @Test
    void anAnswerThatDoesNotBeginInTimeIsGivenUp() {
        ec2.answers(instances(List.of(), "").withFixedDelay(60_000));
        impatiently();

        assertThat(failure(QUERY)).isEqualTo("EC2 in eu-central-1 did not answer in time");
    }

    @Test
    void anAnswerThatDripsIsGivenUp() {
        ec2.answers(instances(machines(0, 3), "").withChunkedDribbleDelay(600, 60_000));
        impatiently();

        assertThat(failure(QUERY)).isEqualTo("EC2 in eu-central-1 did not answer in time");
    }

    @ParameterizedTest
    @CsvSource({"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE", "RANDOM_DATA_THEN_CLOSE"})
    void aBrokenConnectionIsTold(Fault fault) {
        ec2.answers(aResponse().withFault(fault));

        assertThat(failure(QUERY)).startsWith("EC2 in eu-central-1 can't be reached: ");
    }

    @Test
    void aRefusedConnectionIsTold() {
        api.close();
        api = new AwsEc2("test", URI.create("http://127.0.0.1:" + Ports.free()));

        assertThat(failure(QUERY)).isEqualTo("EC2 in eu-central-1 can't be reached: Connection refused");
    }

    @Test
    void aHostThatDoesNotExistIsTold() {
        api.close();
        api = new AwsEc2("test", URI.create("http://ec2.moon-1.invalid"));

        assertThat(failure(new Ec2Query("moon-1", "", List.of())))
                .isEqualTo("the host name of EC2 in moon-1 can't be resolved: is there such a region?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu central", "Frankfurt", "x.example.com/", "a#", "@evil", "-"})
    void whatIsNoRegionIsNotMadePartOfAHostName(String region) {
        assertThat(failure(new Ec2Query(region, "", List.of())))
                .isEqualTo("the region must be one such as eu-central-1");
        assertThat(ec2.requests("")).isEmpty();
    }

    @Test
    void aQueryWithoutARegionIsSentToThatOfTheSdk() throws Ec2Exception {
        ec2.answers(instances(machines(0, 1), ""));
        properties.set("aws.region", "eu-west-3");

        assertThat(api.instances(new Ec2Query("", "", List.of()))).hasSize(1);
        assertThat(api.defaultRegion()).contains("eu-west-3");
        assertThat(ec2.requests("DescribeInstances").get(0).getHeader("Authorization"))
                .contains("/eu-west-3/ec2/");
    }

    @Test
    void anEndpointMayBeSetAsForAnyToolOfAws() throws Ec2Exception {
        ec2.answers(instances(machines(0, 1), ""));
        Ec2Settings s = ec2.settings();
        api.close();
        properties.set("aws.endpointUrlEc2", ec2.url().toString());
        api = new AwsEc2(new Ec2Settings(
                s.session(),
                Optional.empty(),
                Optional.empty(),
                s.credentials(),
                s.pageSize(),
                s.attempt(),
                s.call(),
                s.pause()));

        assertThat(api.instances(QUERY)).hasSize(1);
    }

    @Test
    void missingCredentialsAreTold() {
        Ec2Settings s = ec2.settings();
        api.close();
        api = new AwsEc2(new Ec2Settings(
                s.session(),
                s.ec2(),
                s.sts(),
                AwsCredentialsProviderChain.of(SystemPropertyCredentialsProvider.create()),
                s.pageSize(),
                s.attempt(),
                s.call(),
                s.pause()));

        assertThat(failure(QUERY))
                .isEqualTo(
                        "no AWS credentials were found, neither in the environment nor in a profile, a web identity, the"
                                + " container or the machine");
    }

    private void impatiently() {
        api.close();
        api = new AwsEc2(ec2.impatient());
    }

    /** The sentence, which never has secrets in it. */
    private String failure(Ec2Query query) {
        Ec2Exception failure = catchThrowableOfType(Ec2Exception.class, () -> api.instances(query));
        assertThat(failure).as("the failure of " + query).isNotNull();
        assertThat(failure.getMessage()).doesNotContain(WireEc2.ACCESS_KEY, WireEc2.SECRET);
        return failure.getMessage();
    }
}
