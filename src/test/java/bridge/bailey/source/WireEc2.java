package bridge.bailey.source;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.notContaining;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import bridge.bailey.local.Ec2Xml;
import bridge.bailey.model.Ec2Instance;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** EC2 and STS on a real socket, answer by answer as a test wants them. A later answer counts for more. */
final class WireEc2 implements AutoCloseable {

    static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    static final String SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY";

    private static final Duration LONG = Duration.ofSeconds(30);

    private final WireMockServer server =
            new WireMockServer(wireMockConfig().bindAddress("127.0.0.1").dynamicPort());

    WireEc2() {
        server.start();
    }

    URI url() {
        return URI.create(server.baseUrl());
    }

    /** Time-outs that a loaded machine keeps, and hardly any pause between attempts. */
    Ec2Settings settings() {
        return new Ec2Settings(
                "bailey-test",
                Optional.of(url()),
                Optional.of(url()),
                StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET)),
                100,
                LONG,
                LONG.multipliedBy(2),
                Duration.ofMillis(1));
    }

    /** For answers that never come in time. */
    Ec2Settings impatient() {
        Ec2Settings s = settings();
        Duration attempt = Duration.ofMillis(200);
        Duration call = Duration.ofMillis(500);
        return new Ec2Settings(s.session(), s.ec2(), s.sts(), s.credentials(), s.pageSize(), attempt, call, s.pause());
    }

    WireMockServer server() {
        return server;
    }

    static MappingBuilder describe() {
        return any(anyUrl()).withRequestBody(containing("Action=DescribeInstances"));
    }

    static MappingBuilder firstPage() {
        return describe().withRequestBody(notContaining("NextToken="));
    }

    static MappingBuilder page(String token) {
        return describe().withRequestBody(containing("NextToken=" + token));
    }

    static MappingBuilder assumeRole() {
        return any(anyUrl()).withRequestBody(containing("Action=AssumeRole"));
    }

    /** A page with these instances; {@code next} is "" on the last one. */
    static ResponseDefinitionBuilder instances(List<Ec2Instance> instances, String next) {
        return xml(200, Ec2Xml.page(instances.stream().map(Ec2Xml::reservation).toList(), next));
    }

    static ResponseDefinitionBuilder error(int status, String code) {
        return xml(status, Ec2Xml.error(code, "Request of " + ACCESS_KEY + " and " + SECRET + " failed."));
    }

    static ResponseDefinitionBuilder xml(int status, String body) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "text/xml;charset=UTF-8")
                .withBody(body);
    }

    void answers(ResponseDefinitionBuilder response) {
        server.stubFor(describe().willReturn(response));
    }

    List<LoggedRequest> requests(String action) {
        return server.findAll(anyRequestedFor(anyUrl()).withRequestBody(containing("Action=" + action)));
    }

    @Override
    public void close() {
        server.stop();
    }
}
