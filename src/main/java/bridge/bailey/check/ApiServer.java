package bridge.bailey.check;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.VersionInfo;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** Whether the API server answers, is not too old, and whose clock it goes by. */
final class ApiServer implements Check {

    /** The first with EndpointSlices in {@code discovery.k8s.io/v1}. */
    private static final int OLDEST_MINOR = 21;

    private static final int BAD = 400;

    private final KubernetesClient client;
    private final InstantSource clock;

    ApiServer(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public String area() {
        return "Kubernetes API";
    }

    @Override
    public void look(Report report) throws IOException, InterruptedException {
        Config config = client.getConfiguration();
        HttpResponse<String> answer = ask(config.getMasterUrl());
        String what = "API server " + config.getMasterUrl();
        if (answer.code() >= BAD) {
            report.fail(
                    what,
                    "answers " + answer.code() + " to GET /version",
                    "kubectl version  # with the same kubeconfig or ServiceAccount");
            return;
        }
        VersionInfo version = client.getKubernetesVersion();
        if (isTooOld(version)) {
            report.fail(what, "version " + version.getGitVersion(), "Bailey needs Kubernetes 1.21 or newer");
        } else {
            report.ok(what, "answers, version " + version.getGitVersion());
        }
        ClockSkew.report(report, "the API server", date(answer), clock.instant());
    }

    private HttpResponse<String> ask(String url) throws IOException, InterruptedException {
        try {
            return client.getHttpClient()
                    .sendAsync(
                            client.getHttpClient()
                                    .newHttpRequestBuilder()
                                    .uri(url + "version")
                                    .build(),
                            String.class)
                    .get();
        } catch (ExecutionException e) {
            throw new IOException(url + " does not answer: " + e.getCause().getMessage(), e);
        }
    }

    private static Optional<Instant> date(HttpResponse<String> answer) {
        return Optional.ofNullable(answer.header("Date")).flatMap(text -> {
            try {
                return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        });
    }

    /** Vendors append to the minor version, as in {@code 21+}. */
    private static boolean isTooOld(VersionInfo version) {
        String minor = Optional.ofNullable(version.getMinor()).orElse("").replaceAll("[^0-9].*", "");
        return "1".equals(version.getMajor()) && !minor.isEmpty() && Integer.parseInt(minor) < OLDEST_MINOR;
    }
}
