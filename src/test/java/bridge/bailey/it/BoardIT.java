package bridge.bailey.it;

import static bridge.bailey.it.Kube.notReady;
import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The board of the jar, in a real browser. */
class BoardIT {

    /** A value that would run, end an attribute, and turn the text around it. */
    private static final String HOSTILE =
            "<script>document.title='taken'</script>\"'><img src=x onerror=alert(1)>\u202Eabc";

    /** So long Bailey waits at its end for requests that do not end: so much longer than the end takes otherwise that it shows. */
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(15);

    @TempDir
    static Path directory;

    private static Cluster cluster;
    private static String shop;
    private static BaileyJar bailey;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start(true);
        cluster = Cluster.open();
        LegacyKube.install(cluster);
        shop = cluster.namespace("shop");
        cluster.apply(service(shop, "users"));
        cluster.apply(slice(shop, "users-a", "users", ready("10.1.0.1"), ready("10.1.0.2"), notReady("10.1.0.3")));
        cluster.apply(service(shop, "web", Map.of("bailey.bridge/name", "shop-web")));
        cluster.apply(slice(shop, "web-a", "web", ready("10.1.1.1")));
        cluster.apply(service(shop, "odd", Map.of("bailey.bridge/port", HOSTILE)));
        cluster.apply(slice(shop, "odd-a", "odd", ready("10.1.2.1")));
        cluster.apply(LegacyKube.legacyService(
                shop,
                "billing",
                "{ports: [{port: 80}], origins: [{static: {instances: [{address: 10.20.0.11, id: billing-1},"
                        + " {address: 10.20.0.12}]}}]}"));
        bailey = new BaileyJar(
                        directory,
                        Map.of(
                                "BAILEY_CLUSTER", cluster.prefix(),
                                "BAILEY_EXPORT_NAMESPACES", cluster.prefix() + "-*",
                                "BAILEY_LEGACY_NAMESPACES", cluster.prefix() + "-*",
                                "CONSUL_HTTP_ADDR",
                                        "127.0.0.1:" + SharedConsul.get().httpPort(),
                                "KUBECONFIG", cluster.kubeconfig(directory).toString(),
                                "QUARKUS_SHUTDOWN_TIMEOUT", SHUTDOWN_TIMEOUT.toSeconds() + "s"))
                .start();
    }

    @AfterAll
    static void stop() {
        Stream.of(browser, bailey, cluster).filter(each -> each != null).forEach(BoardIT::close);
    }

    private static void close(AutoCloseable each) {
        try {
            each.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void openBoard() {
        browser.width(1280);
        browser.scheme("light");
        await().until(() -> {
            browser.open(bailey.url("/"));
            return browser.all("#services tbody tr").size() >= 4;
        });
        browser.script("window.sameDocument = true");
    }

    @AfterEach
    void theConsoleIsQuiet() {
        assertThat(browser.console())
                .as("the console, where a breach of the policy is told too")
                .isEmpty();
    }

    private static String row(String name) {
        return "#services tbody tr[data-key='" + shop + "/" + name + "']";
    }

    private static String rowText(String name) {
        return browser.text(row(name));
    }

    private static List<String> visible() {
        return ((List<?>) browser.script("return [...document.querySelectorAll('#services tbody tr')]"
                        + ".filter((tr) => tr.checkVisibility()).map((tr) => tr.dataset.key)"))
                .stream().map(key -> key.toString().replace(shop + "/", "")).toList();
    }

    private static void awaitRow(String name, String... texts) {
        await().untilAsserted(() -> assertThat(rowText(name)).contains(texts));
    }

    @Test
    void itShowsBothSidesOfEveryServiceAndHowTheBridgeDoes() {
        assertThat(visible()).containsExactly("billing", "odd", "users", "web");
        awaitRow("users", "DEGRADED", "2 healthy", "1 unhealthy", "not there", "shift: no");
        awaitRow("billing", "UP", "2 healthy", "stop VMs: no", "no instance in Kubernetes");
        awaitRow("web", "shop-web");
        await().untilAsserted(() -> assertThat(browser.text(".top"))
                .contains(cluster.prefix(), "DEGRADED", "2 flows and", "waiting, 0 withheld"));
        assertThat(browser.text(".count")).isEqualTo("4 of 4 services");
    }

    @Test
    void aChangeIsShownWithoutAReloadAndARowIsTheSameWhoeverWritesIt() {
        cluster.apply(slice(shop, "web-a", "web", ready("10.1.1.1"), ready("10.1.1.2"), notReady("10.1.1.3")));
        awaitRow("web", "2 healthy", "1 unhealthy", "DEGRADED");

        var orders = service(shop, "orders");
        cluster.apply(orders);
        cluster.apply(slice(shop, "orders-a", "orders", ready("10.1.3.1")));
        awaitRow("orders", "1 healthy", "UP");
        assertThat(visible()).containsExactly("billing", "odd", "orders", "users", "web");
        assertThat(browser.text(".count")).isEqualTo("5 of 5 services");
        await().untilAsserted(() -> assertThat(browser.script(
                        "const page = new DOMParser().parseFromString(arguments[0],"
                                + " 'text/html'); const said = (from) => [...from.querySelectorAll('#services tbody tr')].map((tr) => {"
                                + " tr = tr.cloneNode(true); tr.removeAttribute('class'); tr.querySelector('time').remove();"
                                + " return tr.outerHTML.replace(/ class=\"\"/g, '').replace(/\\d+ (s|min)\\b/g, ''); }).join('\\n');"
                                + " return said(document) === said(page) ? '' : said(document) + '\\n\\n' + said(page);",
                        get("/").body()))
                .isEqualTo(""));

        cluster.delete(slice(shop, "orders-a", "orders"));
        cluster.delete(orders);
        await().until(() -> browser.all(row("orders")).isEmpty());
        cluster.apply(slice(shop, "web-a", "web", ready("10.1.1.1")));
        awaitRow("web", "1 healthy", "UP");
        assertThat(browser.script("return window.sameDocument")).isEqualTo(true);
    }

    @Test
    void theFilterIsInTheAddressAndWorksOnTheServerToo() {
        browser.find("#q").sendKeys("SHOP-web");
        await().until(() -> visible().equals(List.of("web")));
        assertThat(browser.driver().getCurrentUrl()).endsWith("/?q=SHOP-web");
        await().untilAsserted(() ->
                assertThat(browser.find("#said").getDomProperty("textContent")).isEqualTo("1 of 4 services shown"));

        browser.driver().navigate().refresh();
        assertThat(visible()).containsExactly("web");
        browser.find("#q").clear();
        browser.find("input[name=show][value=legacy]").click();
        assertThat(visible()).containsExactly("billing");
        assertThat(browser.text(".count")).isEqualTo("1 of 4 services");
        assertThat(browser.driver().getCurrentUrl()).endsWith("/?show=legacy");
        browser.find("input[name=show][value=attention]").click();
        assertThat(visible()).containsExactly("odd", "users");
        browser.find("input[name=show][value=stoppable]").click();
        assertThat(visible()).isEmpty();
        assertThat(browser.find("#empty").isDisplayed()).isTrue();
    }

    @Test
    void columnsSortBothWays() {
        browser.find("button[data-column=status]").click();
        assertThat(visible().get(0)).isEqualTo("users");
        assertThat(browser.find("th:has([data-column=status])").getDomAttribute("aria-sort"))
                .isEqualTo("ascending");
        assertThat(browser.driver().getCurrentUrl()).endsWith("/?sort=status");

        browser.find("button[data-column=service]").click();
        browser.find("button[data-column=service]").click();
        assertThat(visible()).containsExactly("web", "users", "odd", "billing");
        assertThat(browser.find("th:has([data-column=service])").getDomAttribute("aria-sort"))
                .isEqualTo("descending");

        browser.driver().navigate().refresh();
        assertThat(visible()).as("in the server's order").containsExactly("web", "users", "odd", "billing");
    }

    @Test
    void itCanBeUsedByKeyboardAlone() {
        WebElement body = browser.find("body");
        body.sendKeys(Keys.TAB);
        assertThat(browser.driver().switchTo().activeElement().getText()).isEqualTo("Skip to the content");
        browser.driver().switchTo().activeElement().sendKeys("/");
        WebElement focused = browser.driver().switchTo().activeElement();
        assertThat(focused.getDomAttribute("id")).isEqualTo("q");
        focused.sendKeys("users");
        await().until(() -> visible().equals(List.of("users")));
        focused.sendKeys(Keys.ESCAPE);
        await().until(() -> visible().size() == 4);

        WebElement first = browser.find(row("billing") + " a");
        browser.script("arguments[0].focus()", first);
        first.sendKeys(Keys.ARROW_DOWN, Keys.NULL);
        WebElement second = browser.driver().switchTo().activeElement();
        assertThat(second.getText()).isEqualTo(shop + "/odd");
        second.sendKeys(Keys.ENTER);
        await().until(() -> browser.driver().getCurrentUrl().endsWith("/services/" + shop + "/odd"));
    }

    @Test
    void aServiceIsExplainedAndStaysCurrent() {
        browser.find(row("users") + " a").click();
        await().until(() -> browser.all("[data-mark]").size() == 3);

        assertThat(browser.text("h1")).isEqualTo(shop + "/users");
        assertThat(browser.text(".steps")).contains("Shift all traffic to Kubernetes: ", "1 of 3 instances");
        await().untilAsserted(() -> assertThat(browser.text("[data-mark]:nth-child(3)"))
                .contains("10.1.0.3:8080", "unhealthy", "its endpoint is not ready", "consul: held"));
        assertThat(browser.text(".decisions")).contains("in Consul", "in the cluster, for the machines");

        browser.script("window.sameDocument = true; document.querySelector('.back a').focus()");
        cluster.apply(slice(shop, "users-a", "users", ready("10.1.0.1"), ready("10.1.0.2"), ready("10.1.0.3")));
        await().untilAsserted(() -> assertThat(browser.text(".title")).contains("UP"));
        await().untilAsserted(() -> assertThat(browser.text("[data-mark]:nth-child(3)"))
                .contains("10.1.0.3")
                .doesNotContain("not ready"));
        assertThat(browser.script("return window.sameDocument && document.activeElement.getAttribute('href')"))
                .as("the focus")
                .isEqualTo("/");
        cluster.apply(slice(shop, "users-a", "users", ready("10.1.0.1"), ready("10.1.0.2"), notReady("10.1.0.3")));
        await().untilAsserted(() -> assertThat(browser.text(".title")).contains("DEGRADED"));
    }

    @Test
    void whatOthersWroteIsTextAndNothingElse() throws IOException {
        for (String path : List.of("/services/" + shop + "/odd", "/plan")) {
            browser.open(bailey.url(path));
            await().untilAsserted(() ->
                    assertThat(browser.text(".findings")).contains("<script>document.title='taken'</script>\"'>"));
            assertThat(browser.all("main img, main script")).isEmpty();
            assertThat(browser.driver().getTitle()).isNotEqualTo("taken");
            assertThat(get(path).body()).doesNotContain("\u202E").contains("&lt;script&gt;");
        }
        browser.open(bailey.url("/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&show=%22%3E&sort=%22%3E"));
        assertThat(browser.find("#q").getDomProperty("value")).isEqualTo("\"><script>alert(1)</script>");
    }

    @Test
    void pagesAllowNothingButTheirOwnFiles() throws IOException {
        for (String path : List.of("/", "/plan", "/services/" + shop + "/users", "/services/no/such")) {
            HttpResponse<String> page = get(path);
            assertThat(page.statusCode()).isEqualTo(path.endsWith("such") ? 404 : 200);
            assertThat(page.headers().map())
                    .containsEntry("x-content-type-options", List.of("nosniff"))
                    .containsEntry("referrer-policy", List.of("no-referrer"))
                    .containsEntry("cache-control", List.of("no-store"));
            assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                    .doesNotContain("unsafe");
            assertThat(page.body()).doesNotContain("style=\"", "<script>", "onclick");
        }
        assertThat(get("/services/no/%3Cscript%3E").body()).contains("There is no such service", "&lt;script&gt;");
    }

    @Test
    void itIsAccessibleInLightOnAScreenAndInDarkOnAPhone() {
        for (String path : List.of("/", "/plan", "/services/" + shop + "/users", "/services/" + shop + "/billing")) {
            browser.open(bailey.url(path));
            for (int width : List.of(1280, 360)) {
                browser.width(width);
                browser.scheme(width == 1280 ? "light" : "dark");
                assertThat(violations()).as(path + " " + width).isEmpty();
            }
        }
    }

    private static Set<String> violations() {
        Results results = new AxeBuilder().analyze(browser.driver());
        assertThat(results.getPasses()).extracting(Rule::getId).contains("color-contrast");
        return results.getViolations().stream()
                .flatMap(rule -> rule.getNodes().stream().map(node -> rule.getId() + ": " + node.getHtml()))
                .collect(Collectors.toSet());
    }

    @Test
    void nothingIsWiderThanAPhone() {
        for (String path : List.of("/", "/plan", "/services/" + shop + "/users", "/services/" + shop + "/odd")) {
            for (int width : List.of(320, 400)) {
                browser.width(width);
                browser.open(bailey.url(path));
                assertThat(((Number) browser.script("return document.documentElement.scrollWidth")).intValue())
                        .as(path)
                        .isLessThanOrEqualTo(width);
            }
        }
    }

    @Test
    void withoutScriptsTheTableTheFilterAndTheOrderAreThere() {
        try (Browser plain = Browser.start(false)) {
            plain.open(bailey.url("/"));
            assertThat(plain.text("#services")).contains(shop + "/billing", "2 healthy", "DEGRADED");
            plain.find("#q").sendKeys("b");
            plain.find("input[name=show][value=legacy]").click();
            plain.find("#filter > button").click();
            await().until(() -> plain.driver().getCurrentUrl().endsWith("/?q=b&show=legacy"));
            assertThat(plain.all("#services tbody tr").stream().filter(WebElement::isDisplayed))
                    .hasSize(1);
            plain.open(bailey.url("/"));
            plain.find("#services thead th:first-child button").click();
            await().until(() -> plain.driver().getCurrentUrl().endsWith("sort=-service"));
            assertThat(plain.text("#services tbody tr:first-child")).contains(shop + "/web");
        }
    }

    @Test
    void aLostConnectionIsToldAndMadeUpFor() {
        await("the stream").until(() -> streams() > 0);
        assertThat(bailey.stop()).as("open streams do not hold up the end").isLessThan(SHUTDOWN_TIMEOUT);
        await().until(() -> browser.find("#lost").isDisplayed());
        assertThat(browser.text("#lost")).contains("Not connected.");
        browser.console(); // Refused connections are told there.

        cluster.apply(slice(shop, "web-a", "web", ready("10.1.1.1"), notReady("10.1.1.9")));
        bailey.start();

        await().until(() -> !browser.find("#lost").isDisplayed());
        awaitRow("web", "1 healthy", "1 unhealthy");
        assertThat(browser.script("return window.sameDocument")).isEqualTo(true);
        cluster.apply(slice(shop, "web-a", "web", ready("10.1.1.1")));
        awaitRow("web", "UP");
        browser.console();
    }

    private static double streams() throws IOException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("bailey_event_streams "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    private static HttpResponse<String> get(String path) throws IOException {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(bailey.url(path))).build(),
                            HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
