package bridge.bailey.local;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import bridge.bailey.model.Ec2Instance;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;

/**
 * An EC2 in this process, on loopback, that answers DescribeInstances from a list of instances that can change: with pages,
 * and with the filters that Bailey sends. Like EC2 it refuses filters that it does not know. It looks at no credentials, and
 * is the same in every region.
 */
public final class LocalEc2 implements AutoCloseable {

    /** What EC2 allows. */
    private static final int LEAST_RESULTS = 5;

    private static final int MOST_RESULTS = 1000;

    private final NavigableMap<String, Machine> machines = new ConcurrentSkipListMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final WireMockServer server;
    private volatile Optional<ResponseDefinition> failure = Optional.empty();
    private volatile BiPredicate<String, Ec2Request> failing = (region, request) -> true;
    private volatile boolean regional;
    private volatile Duration delay = Duration.ZERO;

    private LocalEc2(int port) {
        server = new WireMockServer(wireMockConfig()
                .bindAddress("127.0.0.1")
                .port(port)
                .disableRequestJournal()
                .extensions(new Answers()));
        server.stubFor(any(anyUrl()).willReturn(WireMock.ok()));
    }

    /** One instance; what is written about it is kept, since it is asked for again and again. */
    private record Machine(Ec2Instance instance, String state, String xml) {
        static Machine of(Ec2Instance instance, String state) {
            return new Machine(instance, state, Ec2Xml.reservation(instance, state));
        }
    }

    /** Starts on a free port, without instances. */
    public static LocalEc2 start() {
        return start(0);
    }

    /** Starts on this port, without instances. */
    public static LocalEc2 start(int port) {
        LocalEc2 ec2 = new LocalEc2(port);
        ec2.server.start();
        return ec2;
    }

    /** What {@code AWS_ENDPOINT_URL_EC2} should be. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Adds instances, or replaces those with their ids; they run, or stop if they say so. */
    public void put(Ec2Instance... instances) {
        for (Ec2Instance instance : instances) {
            machines.put(instance.id(), Machine.of(instance, instance.stopping() ? "stopping" : "running"));
        }
    }

    /** The instance is not heard of any more. */
    public void remove(String id) {
        machines.remove(id);
    }

    /** Moves an instance to a state: pending, running, stopping, stopped, shutting-down or terminated. */
    public void setState(String id, String state) {
        machines.computeIfPresent(id, (same, machine) -> Machine.of(machine.instance(), state));
    }

    /** From now on a region has only the machines whose zones are its own. */
    public void byRegion() {
        regional = true;
    }

    /** Every request fails from now on, such as with 503 and {@code RequestLimitExceeded}. */
    public void fail(int status, String code) {
        fail(status, code, (region, request) -> true);
    }

    /** The requests fail from now on that are picked by their region and what they ask for. */
    public void fail(int status, String code, BiPredicate<String, Ec2Request> which) {
        failing = which;
        failure = Optional.of(answer(status, Ec2Xml.error(code, "Made to fail.")));
    }

    /** Requests are answered again. */
    public void recover() {
        failure = Optional.empty();
    }

    /** Every answer comes this much later from now on. */
    public void delay(Duration time) {
        delay = time;
    }

    /** How many requests there were. */
    public int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        server.stop();
    }

    private static ResponseDefinition answer(int status, String xml) {
        return ResponseDefinitionBuilder.responseDefinition()
                .withStatus(status)
                .withHeader("Content-Type", "text/xml;charset=UTF-8")
                .withBody(xml)
                .build();
    }

    private ResponseDefinition answer(String region, Ec2Request request) {
        if (!request.action().equals("DescribeInstances")) {
            return answer(400, Ec2Xml.error("InvalidAction", "The action " + request.action() + " is not valid."));
        }
        if (request.unknown().isPresent()) {
            String problem = "The filter '" + request.unknown().get() + "' is invalid";
            return answer(400, Ec2Xml.error("InvalidParameterValue", problem));
        }
        if (request.maxResults() < LEAST_RESULTS || request.maxResults() > MOST_RESULTS) {
            String problem = "Value ( %d ) for parameter maxResults is invalid.".formatted(request.maxResults());
            return answer(400, Ec2Xml.error("InvalidParameterValue", problem));
        }
        return page(region, request);
    }

    private ResponseDefinition page(String region, Ec2Request request) {
        List<Machine> rest = machines.tailMap(decoded(request.nextToken()), false).values().stream()
                .filter(machine -> !regional || machine.instance().zone().startsWith(region))
                .filter(machine -> request.matches(machine.instance(), machine.state()))
                .limit(request.maxResults() + 1L)
                .toList();
        boolean more = rest.size() > request.maxResults();
        List<Machine> page = more ? rest.subList(0, request.maxResults()) : rest;
        String next = more ? encoded(page.get(page.size() - 1).instance().id()) : "";
        return answer(200, Ec2Xml.page(page.stream().map(Machine::xml).toList(), next));
    }

    /** A token names the last instance of its page, so it holds while instances come and go. */
    private static String encoded(String id) {
        return Base64.getUrlEncoder().encodeToString(id.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String token) {
        return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    }

    /** The region that a request is signed for: {@code Credential=key/date/region/ec2/aws4_request}. */
    private static String region(String authorization) {
        String[] scope = String.valueOf(authorization).split("/", -1);
        return scope.length < 3 ? "" : scope[2];
    }

    private final class Answers implements ResponseDefinitionTransformerV2 {
        @Override
        public String getName() {
            return "ec2";
        }

        @Override
        public ResponseDefinition transform(ServeEvent event) {
            requests.incrementAndGet();
            String region = region(event.getRequest().getHeader("Authorization"));
            Ec2Request request = Ec2Request.of(event.getRequest().getBodyAsString());
            ResponseDefinition answer =
                    failure.filter(set -> failing.test(region, request)).orElseGet(() -> answer(region, request));
            return ResponseDefinitionBuilder.like(answer)
                    .withFixedDelay((int) delay.toMillis())
                    .build();
        }
    }
}
