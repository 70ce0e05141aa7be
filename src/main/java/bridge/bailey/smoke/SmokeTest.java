package bridge.bailey.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Asks what runs somewhere whether it answers as it should: Bailey, known by its {@code /info}, or any service. */
public final class SmokeTest {

    private final Target target;
    private final Optional<String> dns;
    private final Set<String> names;
    private final Patience patience;
    private boolean bailey;

    /**
     * Makes it.
     *
     * @param dns host and port of a DNS server that knows Consul's names; empty if none is asked
     * @param names in Consul, which are asked for there; empty for all that Bailey exports
     */
    public SmokeTest(Target target, Optional<String> dns, Set<String> names, Patience patience) {
        this.target = target;
        this.dns = dns;
        this.names = Set.copyOf(names);
        this.patience = patience;
    }

    /** Runs all, and tells each result as it comes. Who does not answer at all is asked nothing more. */
    public List<Result> run(Consumer<Result> told) throws InterruptedException {
        List<Result> results = new ArrayList<>();
        Consumer<Result> both = told.andThen(results::add);
        Result first = patience.look(new Step("answers", this::who));
        both.accept(first);
        if (first.failed()) {
            return results;
        }
        look(bailey ? new BaileySteps(target).all() : new ServiceSteps(target).all(), both);
        if (!bailey && results.stream().skip(1).allMatch(result -> result.verdict() == Result.Verdict.SKIPPED)) {
            both.accept(patience.look(new Step("anything", () -> {
                throw Failure.lasting("none of /health, /metrics and /info is there: is it the right TARGET_URL?");
            })));
        }
        if (dns.isPresent()) {
            try (DnsServer server = new DnsServer(dns.get())) {
                ConsulSteps consul = new ConsulSteps(target, server, names);
                look(bailey ? consul.ofBailey() : consul.ofNames(), both);
            }
        }
        return results;
    }

    private void look(List<Step> steps, Consumer<Result> told) throws InterruptedException {
        for (Step step : steps) {
            told.accept(patience.look(step));
        }
    }

    /** Bailey says so itself; of anything else it is enough that it answers, but for what a proxy says for it. */
    private Seen who() throws Failure, InterruptedException {
        Answer info = target.get("/info");
        if (info.status() >= 500) {
            info.ok();
        }
        if (info.status() == Answer.OK && info.type().contains("json")) {
            JsonNode json = info.json();
            if (json.path("name").asText().equals("bailey")) {
                bailey = true;
                return Seen.well("bailey " + json.path("version").asText() + " ("
                        + json.path("revision").asText() + "), cluster "
                        + json.path("cluster").asText());
            }
        }
        if (info.status() == Answer.OK) {
            info.notHtml();
        }
        return Seen.well("no Bailey; what it has of /health, /metrics and /info is looked at");
    }

    /** Whether nothing failed. */
    public static boolean passed(List<Result> results) {
        return results.stream().noneMatch(Result::failed);
    }
}
