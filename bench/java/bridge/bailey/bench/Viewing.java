package bridge.bailey.bench;

import bridge.bailey.bench.Figure.Limit;
import bridge.bailey.bench.Flips.Since;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalKubernetes;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * 2,000 services with 20,000 instances, half of the services with machines too: what it costs to ask for all of them, and
 * whether being asked every second slows the bridge.
 */
final class Viewing {

    private static final Path CRD = Path.of("k8s", "crd", "legacyservices.bailey.bridge.yaml");
    private static final int SERVICES = 2_000;
    private static final int PER_SERVICE = 10;
    private static final int LOAD_SECONDS = 8;
    private static final String ONE = "/api/services/" + Estate.NAMESPACE + "/view-0000";

    /** What is asked for, and what it is called. */
    private static final Map<String, String> PATHS = new LinkedHashMap<>();

    static {
        PATHS.put("/metrics", "/metrics");
        PATHS.put("/api/services", "/api/services");
        PATHS.put(ONE, "one service in detail");
        PATHS.put("/", "the board's page");
    }

    private final Options options;
    private final LocalConsul consul;
    private final PrintStream progress;
    private final HttpClient http = HttpClient.newHttpClient();

    Viewing(Options options, LocalConsul consul, PrintStream progress) {
        this.options = options;
        this.consul = consul;
        this.progress = progress;
    }

    List<Figure> run() {
        if (!Wrk.isThere()) {
            progress.println("view  left out: wrk is not on the PATH (Debian's package is called wrk)");
            return List.of();
        }
        consul.stop();
        consul.wipe();
        consul.startAgain();
        try (LocalKubernetes kubernetes = LocalKubernetes.start()) {
            seed(kubernetes);
            try (BaileyProcess bailey = new BaileyProcess(kubernetes, consul)) {
                bailey.awaitViewed(SERVICES * PER_SERVICE + 2);
                List<Figure> figures = new ArrayList<>(load(bailey));
                figures.addAll(disturbance(kubernetes, bailey));
                return figures;
            }
        }
    }

    private void seed(LocalKubernetes kubernetes) {
        try (KubernetesClient client = kubernetes.client();
                InputStream crd = Files.newInputStream(CRD)) {
            client.load(crd).create();
            Estate.bothSides(SERVICES, PER_SERVICE)
                    .forEach(object -> client.resource(object).create());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Figure> load(BaileyProcess bailey) {
        List<Figure> figures = new ArrayList<>();
        try (BareServer bare = new BareServer()) {
            PATHS.forEach((path, what) -> figures.addAll(load(bailey, bare, path, what)));
        }
        return figures;
    }

    private List<Figure> load(BaileyProcess bailey, BareServer bare, String path, String what) {
        String url = bailey.url(path);
        HttpResponse<byte[]> plain = get(url, "identity");
        HttpResponse<byte[]> packed = get(url, "gzip");
        boolean compressed = packed.headers().firstValue("Content-Encoding").isPresent();
        bare.serve(packed.body(), compressed);
        List<Double> median = new ArrayList<>();
        List<Double> worst = new ArrayList<>();
        List<Double> floor = new ArrayList<>();
        // What is run for the first time is slow.
        Wrk.run(url, LOAD_SECONDS);
        for (int run = 1; run <= options.runs(); run++) {
            Wrk.Load load = Wrk.run(url, LOAD_SECONDS);
            median.add(load.p50());
            worst.add(load.p99());
            floor.add(Wrk.run(bare.url(), LOAD_SECONDS).p99());
            progress.printf(
                    "view  %d/%d: %s p50 %.1f ms, p99 %.1f ms, %.0f a second%n",
                    run, options.runs(), what, load.p50(), load.p99(), load.rate());
        }
        Series p99 = new Series(worst);
        Series bareP99 = new Series(floor);
        return List.of(
                Figure.of("(h) %s under load, p50".formatted(what), "ms", new Series(median)),
                Figure.of("(h) … p99, against the same bytes from memory", "ms", p99, bareP99, p99.dividedBy(bareP99)),
                Figure.beside("(h) … KiB, and compressed", "KiB", kib(plain), kib(packed)));
    }

    private static Series kib(HttpResponse<byte[]> response) {
        return new Series(List.of(response.body().length / 1024.0));
    }

    private HttpResponse<byte[]> get(String url, String encoding) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .header("Accept-Encoding", encoding)
                    .timeout(Duration.ofSeconds(30))
                    .build();
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(url + " answers " + response.statusCode());
            }
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** One endpoint flips, with and without a scrape of /metrics every second, in turns. */
    private List<Figure> disturbance(LocalKubernetes kubernetes, BaileyProcess bailey) {
        List<Double> quietMedian = new ArrayList<>();
        List<Double> quietWorst = new ArrayList<>();
        List<Double> scrapedMedian = new ArrayList<>();
        List<Double> scrapedWorst = new ArrayList<>();
        try (KubernetesClient client = kubernetes.client();
                RawConsul raw = new RawConsul(consul);
                Flips flips =
                        new Flips(client, raw, consul.dnsPort(), Duration.ofMillis(20), Estate.flippingEntries())) {
            flips.times(options.flips());
            for (int run = 1; run <= options.runs(); run++) {
                List<Double> quiet = flips.times(options.flips()).get(Since.SENT);
                List<Double> scraped;
                try (Scraper scraper = new Scraper(bailey.url("/metrics"))) {
                    scraped = flips.times(options.flips()).get(Since.SENT);
                    scraper.check();
                }
                quietMedian.add(Series.percentile(quiet, 50));
                quietWorst.add(Series.percentile(quiet, 99));
                scrapedMedian.add(Series.percentile(scraped, 50));
                scrapedWorst.add(Series.percentile(scraped, 99));
                progress.printf(
                        "view  %d/%d: flip p50 %.1f ms, p99 %.1f ms; scraped every second %.1f ms, %.1f ms%n",
                        run,
                        options.runs(),
                        last(quietMedian),
                        last(quietWorst),
                        last(scrapedMedian),
                        last(scrapedWorst));
            }
        }
        Series p50 = new Series(scrapedMedian);
        Series p99 = new Series(scrapedWorst);
        Series quietP50 = new Series(quietMedian);
        Series quietP99 = new Series(quietWorst);
        return List.of(
                Figure.of(
                        "(h) flip to DNS, p50, scraped every second against not at all",
                        "ms",
                        p50,
                        quietP50,
                        p50.dividedBy(quietP50),
                        Limit.atMost("≤ 1.1", 1.1)),
                Figure.of("(h) … p99", "ms", p99, quietP99, p99.dividedBy(quietP99)));
    }

    private static double last(List<Double> values) {
        return values.get(values.size() - 1);
    }

    /** Scrapes every second, until it is closed. */
    private final class Scraper implements AutoCloseable {
        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        private final AtomicInteger scrapes = new AtomicInteger();

        @SuppressWarnings("FutureReturnValueIgnored") // What fails shows in check().
        Scraper(String url) {
            timer.scheduleAtFixedRate(
                    () -> {
                        get(url, "gzip");
                        scrapes.incrementAndGet();
                    },
                    0,
                    1,
                    TimeUnit.SECONDS);
        }

        void check() {
            if (scrapes.get() == 0) {
                throw new IllegalStateException("nothing was scraped");
            }
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }
}
