package bridge.bailey.bench;

import bridge.bailey.crd.CrdFromClasses;
import bridge.bailey.it.Browser;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalKubernetes;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * What the board costs a browser, with 2,000 services that a real Bailey serves. The baseline is a bare table with the same
 * texts, in the same browser: what nobody who wants to show them can do without.
 */
final class BoardInBrowser {

    private static final int PER_SERVICE = 10;
    private static final int SERVICES = 2_000;
    private static final int[] DELTAS = {1, 100, SERVICES};

    /** Lets the bench hand events to the page's own listeners. */
    private static final String EAVESDROP =
            """
            window.heard = {};
            window.EventSource = class extends window.EventSource {
              addEventListener(name, listener) {
                window.heard[name] = listener;
                super.addEventListener(name, listener);
              }
            };
            """;

    /** Changes so many services, and waits until the browser knows where everything stands again. */
    private static final String UPDATE =
            """
            const [count] = arguments;
            window.round = (window.round ?? 0) + 1;
            return fetch('/api/services').then((answer) => answer.json()).then(({takenAt, services}) => {
              const changed = services.slice(0, count);
              changed.forEach((service) => { if (service.kubernetes) service.kubernetes.unhealthy = window.round; });
              const event = {lastEventId: '', data: JSON.stringify({takenAt, reset: false, changed, removed: []})};
              const began = performance.now();
              window.heard.services(event);
              document.body.getBoundingClientRect();
              return performance.now() - began;
            });
            """;

    private static final String BARE_UPDATE =
            """
            const [count] = arguments;
            window.round = (window.round ?? 0) + 1;
            const began = performance.now();
            for (const tr of [...document.querySelectorAll('tr')].slice(0, count)) {
              for (const td of tr.children) td.textContent = `${td.dataset.text}${window.round}`;
            }
            document.body.getBoundingClientRect();
            return performance.now() - began;
            """;

    private static final String FILTER =
            """
            const q = document.getElementById('q');
            const began = performance.now();
            q.value = q.value === '' ? '7' : '';
            q.dispatchEvent(new Event('input', {bubbles: true}));
            document.body.getBoundingClientRect();
            return performance.now() - began;
            """;

    private static final String SORT =
            """
            const began = performance.now();
            document.querySelector('[data-column=service]').click();
            document.body.getBoundingClientRect();
            return performance.now() - began;
            """;

    private final Options options;
    private final PrintStream progress;
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    BoardInBrowser(Options options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    List<Figure> run() {
        try (LocalKubernetes kubernetes = LocalKubernetes.start();
                LocalConsul consul = LocalConsul.start()) {
            try (KubernetesClient client = kubernetes.client()) {
                client.resource(CrdFromClasses.make()).create();
                Estate.bothSides(SERVICES - 1, PER_SERVICE)
                        .forEach(object -> client.resource(object).create());
            }
            try (BaileyProcess bailey = new BaileyProcess(kubernetes, consul)) {
                return measure(bailey);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Figure> measure(BaileyProcess bailey) throws IOException {
        Awaitility.await("all services are on the board")
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> get(bailey.url("/api/services"), "identity").length > SERVICES * 300);
        HttpServer bare = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (Browser browser = Browser.start(true)) {
            byte[] page = bareTable(browser, bailey.url("/"));
            bare.createContext("/", exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "text/html;charset=UTF-8");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
                exchange.close();
            });
            bare.start();
            add("bytes", get(bailey.url("/"), "identity").length / 1024.0);
            add("bare bytes", page.length / 1024.0);
            add("gzip bytes", get(bailey.url("/"), "gzip").length / 1024.0);
            browser.driver().executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", EAVESDROP));
            for (int run = 0; run <= options.runs(); run++) {
                if (run == 1) {
                    List.of("paint", "ready", "update 1", "update 100", "update 2000", "filter", "sort")
                            .forEach(what -> {
                                values.remove(what);
                                values.remove("bare " + what);
                            });
                }
                once(browser, bailey.url("/"), "");
                once(browser, "http://127.0.0.1:" + bare.getAddress().getPort() + "/", "bare ");
                progress.printf(
                        "board %d/%d: first paint %.0f ms, bare %.0f ms%n",
                        run, options.runs(), last("paint"), last("bare paint"));
            }
        } finally {
            bare.stop(0);
        }
        return figures();
    }

    /** One visit; the first of all warms up, and does not count. */
    private void once(Browser browser, String url, String prefix) {
        browser.driver().get(url);
        Awaitility.await("the first paint").until(() -> paint(browser) > 0);
        add(prefix + "paint", paint(browser));
        add(
                prefix + "ready",
                number(browser.script(
                        "return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")));
        for (int count : DELTAS) {
            add(prefix + "update " + count, number(browser.script(prefix.isEmpty() ? UPDATE : BARE_UPDATE, count)));
        }
        if (prefix.isEmpty()) {
            add("filter", number(browser.script(FILTER)));
            browser.script(FILTER);
            add("sort", number(browser.script(SORT)));
        }
    }

    private static double paint(Browser browser) {
        return number(
                browser.script("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"));
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }

    private static byte[] bareTable(Browser browser, String url) {
        browser.driver().get(url);
        Object rows = browser.script(
                """
                const plain = (text) => text.trim().replace(/\\s+/g, ' ').replace(/[&<>"]/g, '');
                return [...document.querySelectorAll('#services tbody tr')].map((tr) => '<tr>' + [...tr.children].map((cell) =>
                  `<td data-text="${plain(cell.textContent)}">${plain(cell.textContent)}`).join('')).join('');
                """);
        return ("<!doctype html><meta charset=utf-8><title>bare</title><table>" + rows + "</table>")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] get(String url, String encoding) throws IOException {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .header("Accept-Encoding", encoding)
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void add(String what, double value) {
        values.computeIfAbsent(what, w -> new ArrayList<>()).add(value);
    }

    private double last(String what) {
        return values.get(what).get(values.get(what).size() - 1);
    }

    private Series series(String what) {
        return new Series(values.get(what));
    }

    private List<Figure> figures() {
        List<Figure> all = new ArrayList<>();
        all.add(beside("(i) board of 2,000 services, first contentful paint", "ms", "paint"));
        all.add(beside("(i) … ready for input", "ms", "ready"));
        all.add(beside("(i) … page, not compressed", "KiB", "bytes"));
        all.add(Figure.of("(i) … page, as sent", "KiB", series("gzip bytes")));
        for (int count : DELTAS) {
            all.add(beside("(i) … update of " + count + " rows", "ms", "update " + count));
        }
        Figure.Limit limit = Figure.Limit.below("< 100 ms", 100);
        all.add(new Figure(
                "(i) … filter", "ms", series("filter"), Optional.empty(), Optional.empty(), Optional.of(limit)));
        all.add(new Figure("(i) … sort", "ms", series("sort"), Optional.empty(), Optional.empty(), Optional.of(limit)));
        return all;
    }

    private Figure beside(String what, String unit, String name) {
        Series measured = series(name);
        Series bare = series("bare " + name);
        return Figure.of(what, unit, measured, bare, measured.dividedBy(bare));
    }
}
