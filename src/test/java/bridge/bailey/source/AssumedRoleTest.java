package bridge.bailey.source;

import static bridge.bailey.source.Machines.machines;
import static bridge.bailey.source.WireEc2.assumeRole;
import static bridge.bailey.source.WireEc2.describe;
import static bridge.bailey.source.WireEc2.instances;
import static bridge.bailey.source.WireEc2.xml;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import bridge.bailey.local.Ec2Xml;
import bridge.bailey.model.Ec2Query;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Instances of another account, by a role there. */
class AssumedRoleTest {

    private static final String ROLE = "arn:aws:iam::123456789012:role/bailey-read";
    private static final String TOKEN = "a-session-token";
    private static final Ec2Query QUERY = new Ec2Query("eu-central-1", ROLE, List.of());

    private final WireEc2 ec2 = new WireEc2();
    private AwsEc2 api = new AwsEc2(ec2.settings());

    @AfterEach
    void stop() {
        api.close();
        ec2.close();
    }

    @Test
    void theRoleIsAssumedOnceAndItsCredentialsAreUsed() throws Ec2Exception {
        assumable();
        ec2.server()
                .stubFor(describe()
                        .withHeader("X-Amz-Security-Token", equalTo(TOKEN))
                        .willReturn(instances(machines(0, 2), "")));

        assertThat(api.instances(QUERY)).isEqualTo(machines(0, 2));
        assertThat(api.instances(QUERY)).isEqualTo(machines(0, 2));

        assertThat(ec2.requests("AssumeRole")).singleElement().satisfies(request -> {
            String body = URLDecoder.decode(request.getBodyAsString(), StandardCharsets.UTF_8);
            assertThat(body).contains("RoleArn=" + ROLE, "RoleSessionName=bailey-test");
            assertThat(request.getHeader("Authorization")).contains(WireEc2.ACCESS_KEY);
        });
        assertThat(ec2.requests("DescribeInstances"))
                .allMatch(request -> request.getHeader("Authorization").contains("ASIAROLE"));
    }

    @Test
    void aDenialNamesTheRoleAndThePermission() {
        ec2.server().stubFor(assumeRole().willReturn(xml(403, Ec2Xml.stsError("AccessDenied", WireEc2.ACCESS_KEY))));

        assertThat(failure())
                .isEqualTo("the role " + ROLE
                        + " can't be assumed: the credentials need the permission sts:AssumeRole on it,"
                        + " and its trust policy must name whose they are (AccessDenied, HTTP 403)");
        assertThat(ec2.requests("DescribeInstances")).isEmpty();
    }

    @Test
    void aMalformedRoleIsToldInTheWordsOfSts() {
        ec2.server().stubFor(assumeRole().willReturn(xml(400, Ec2Xml.stsError("ValidationError", "ARN is not valid"))));

        assertThat(failure())
                .isEqualTo("the role " + ROLE
                        + " can't be assumed: STS in eu-central-1 refuses the request (ValidationError,"
                        + " HTTP 400): ARN is not valid");
    }

    @Test
    void anStsThatDoesNotAnswerIsTold() {
        api.close();
        api = new AwsEc2(ec2.impatient());
        ec2.server().stubFor(assumeRole().willReturn(xml(200, "").withFixedDelay(60_000)));

        assertThat(failure())
                .isEqualTo("the role " + ROLE + " can't be assumed: STS in eu-central-1 did not answer in time");
    }

    @Test
    void aDenialThatWasMendedIsOver() throws Ec2Exception {
        ec2.server().stubFor(assumeRole().willReturn(xml(403, Ec2Xml.stsError("AccessDenied", "no"))));
        failure();
        assumable();
        ec2.answers(instances(machines(0, 1), ""));

        assertThat(api.instances(QUERY)).hasSize(1);
    }

    @Test
    void whatTheRoleMayNotDoIsTold() {
        assumable();
        ec2.answers(WireEc2.error(403, "UnauthorizedOperation"));

        assertThat(failure())
                .isEqualTo(
                        "the credentials need the permission ec2:DescribeInstances (UnauthorizedOperation, HTTP 403)");
    }

    private void assumable() {
        String expiration = Instant.now().plus(1, ChronoUnit.HOURS).toString();
        ec2.server()
                .stubFor(assumeRole()
                        .willReturn(xml(200, Ec2Xml.assumedRole("ASIAROLE", "role-secret", TOKEN, expiration))));
    }

    private String failure() {
        Ec2Exception failure = catchThrowableOfType(Ec2Exception.class, () -> api.instances(QUERY));
        assertThat(failure).isNotNull();
        assertThat(failure.getMessage()).doesNotContain(WireEc2.ACCESS_KEY, WireEc2.SECRET, TOKEN, "role-secret");
        return failure.getMessage();
    }
}
