package bridge.bailey.bench;

import bridge.bailey.bench.Figure.Limit;
import bridge.bailey.local.LocalEc2;
import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import bridge.bailey.source.AwsEc2;
import bridge.bailey.source.Ec2Exception;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;

/**
 * 5,000 EC2 instances over 50 pages: by Bailey, by the bare AWS SDK, and by bare requests whose answers are read and not
 * parsed. All go over the same HTTP of the JDK, one page after the other, on one thread, which is the one that is measured.
 */
final class FiftyPages {

    private static final int INSTANCES = 5000;
    private static final int PAGE = 100;
    private static final int WARM_UP = 5;
    private static final String TAG = "bailey:service";
    private static final String REGION = "eu-central-1";
    private static final double MEBIBYTE = 1 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Options options;
    private final PrintStream progress;
    private final Cost bailey = new Cost();
    private final Cost sdk = new Cost();
    private final Cost requests = new Cost();

    FiftyPages(Options options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /** What each run took, and allocated. */
    private static final class Cost {

        private final List<Double> seconds = new ArrayList<>();
        private final List<Double> mebibytes = new ArrayList<>();

        void add(IntSupplier work) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            Stopwatch watch = new Stopwatch();
            int found = work.getAsInt();
            seconds.add(watch.seconds());
            mebibytes.add((THREADS.getCurrentThreadAllocatedBytes() - before) / MEBIBYTE);
            if (found != INSTANCES) {
                throw new IllegalStateException(found + " instances were found, not " + INSTANCES);
            }
        }

        void forget() {
            seconds.clear();
            mebibytes.clear();
        }

        Series time() {
            return new Series(seconds);
        }

        Series memory() {
            return new Series(mebibytes);
        }
    }

    List<Figure> run() {
        try (LocalEc2 ec2 = LocalEc2.start();
                AwsEc2 api = new AwsEc2("bench", ec2.url(), PAGE);
                Ec2Client client = client(ec2.url())) {
            for (int i = 0; i < INSTANCES; i++) {
                ec2.put(machine(i));
            }
            for (int run = 1 - WARM_UP; run <= options.runs(); run++) {
                if (run == 1) {
                    List.of(bailey, sdk, requests).forEach(Cost::forget);
                }
                requests.add(() -> byRequests(ec2.url()));
                sdk.add(() -> bySdk(client));
                bailey.add(() -> byBailey(api));
                tell(run);
            }
        }
        return figures();
    }

    private void tell(int run) {
        if (run > 0) {
            progress.printf(
                    "ec2   %d/%d: requests %.3f s, SDK %.3f s, Bailey %.3f s and %.0f MiB%n",
                    run,
                    options.runs(),
                    requests.seconds.get(run - 1),
                    sdk.seconds.get(run - 1),
                    bailey.seconds.get(run - 1),
                    bailey.mebibytes.get(run - 1));
        }
    }

    private static Ec2Instance machine(int i) {
        return new Ec2Instance(
                "i-%017x".formatted(i),
                "10.20.%d.%d".formatted(i / 250, i % 250 + 1),
                "",
                "2001:db8::%x".formatted(i + 1),
                REGION + (char) ('a' + i % 3),
                false,
                Map.of(
                        TAG,
                        "shop/service-%d:80=8080".formatted(i / 100),
                        "bailey:probe",
                        "http:/health",
                        "Name",
                        "service-%d-%d".formatted(i / 100, i % 100),
                        "team",
                        "platform",
                        "env",
                        "production"));
    }

    private static int byBailey(AwsEc2 api) {
        try {
            return api.instances(new Ec2Query(REGION, "", List.of(new Ec2Query.Filter("tag-key", List.of(TAG)))))
                    .size();
        } catch (Ec2Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Ec2Client client(URI endpoint) {
        return Ec2Client.builder()
                .endpointOverride(endpoint)
                .region(Region.of(REGION))
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    private static int bySdk(Ec2Client client) {
        int[] found = {0};
        client.describeInstancesPaginator(request -> request.maxResults(PAGE)
                        .filters(Filter.builder().name("tag-key").values(TAG).build()))
                .reservations()
                .forEach(reservation -> found[0] += reservation.instances().size());
        return found[0];
    }

    /** Each page is asked for by the token of the one before, so that much is looked for in them. */
    private static int byRequests(URI endpoint) {
        int pages = 0;
        String token = "";
        do {
            String page = page(endpoint, token);
            pages++;
            int at = page.indexOf("<nextToken>");
            token = at < 0 ? "" : page.substring(at + "<nextToken>".length(), page.indexOf("</nextToken>"));
        } while (!token.isEmpty());
        return pages * PAGE;
    }

    private static String page(URI endpoint, String token) {
        String form = "Action=DescribeInstances&Version=2016-11-15&MaxResults=" + PAGE
                + "&Filter.1.Name=tag-key&Filter.1.Value.1=" + encoded(TAG)
                + (token.isEmpty() ? "" : "&NextToken=" + encoded(token));
        try {
            HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(form.getBytes(StandardCharsets.UTF_8));
            }
            try (InputStream in = connection.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private List<Figure> figures() {
        Series time = bailey.time();
        Series memory = bailey.memory();
        return List.of(
                Figure.of(
                        "(f) 5,000 of EC2 over 50 pages, against bare requests",
                        "s",
                        time,
                        requests.time(),
                        time.dividedBy(requests.time())),
                Figure.of(
                        "(f) … against the bare AWS SDK",
                        "s",
                        time,
                        sdk.time(),
                        time.dividedBy(sdk.time()),
                        Limit.atMost("≤ 1.2", 1.2)),
                Figure.of(
                        "(f) … allocated, against the bare AWS SDK",
                        "MiB",
                        memory,
                        sdk.memory(),
                        memory.dividedBy(sdk.memory()),
                        Limit.atMost("≤ 1.2", 1.2)));
    }
}
