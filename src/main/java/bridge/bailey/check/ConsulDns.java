package bridge.bailey.check;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import io.vertx.core.dns.DnsException;
import io.vertx.core.dns.DnsResponseCode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Whether a DNS server answers for Consul's names, as legacy hosts ask it. By the DNS client of Vert.x. */
final class ConsulDns implements Check {

    /** Consul's servers register themselves under this name. */
    private static final String ALWAYS = "consul.service.consul";

    private static final long QUERY_MILLIS = 3_000;

    private final String server;
    private final Optional<ExportedNames> names;

    /**
     * Makes the check.
     *
     * @param server host and port
     * @param names empty if nothing is exported
     */
    ConsulDns(String server, Optional<ExportedNames> names) {
        this.server = server;
        this.names = names;
    }

    @Override
    public String area() {
        return "Consul DNS";
    }

    @Override
    public void look(Report report) throws Exception {
        if (!answers(report)) {
            return;
        }
        Optional<String> first =
                names.isEmpty() ? Optional.empty() : names.get().get().stream().findFirst();
        if (first.isPresent()) {
            exported(report, first.get() + ".service.consul");
        }
    }

    private boolean answers(Report report) throws InterruptedException {
        String what = "DNS " + server;
        try {
            Set<String> addresses = ask(ALWAYS);
            if (!addresses.isEmpty()) {
                report.ok(what, ALWAYS + " is " + String.join(", ", addresses));
                return true;
            }
            report.fail(
                    what,
                    "answers, but knows no " + ALWAYS + ": it does not ask Consul for the domain consul",
                    "consul:53 {\n  forward . <address of Consul's DNS>\n}  # in the Corefile of CoreDNS, for instance");
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            report.fail(
                    what,
                    "does not answer: " + e.getMessage(),
                    "dig @" + server.replaceAll(":\\d+$", "") + " -p " + server.replaceAll("^.*:", "") + " " + ALWAYS);
        }
        return false;
    }

    private void exported(Report report, String name) throws Exception {
        Set<String> addresses = ask(name);
        if (addresses.isEmpty()) {
            report.warn(
                    "DNS name " + name,
                    "has no address: Bailey has not run yet, or none of its instances is ready",
                    "java -jar quarkus-run.jar plan");
        } else {
            report.ok("DNS name " + name, "is " + String.join(", ", addresses));
        }
    }

    /** The addresses of a name; none if the server knows no such name. */
    private Set<String> ask(String name) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            DnsClient client = vertx.createDnsClient(new DnsClientOptions()
                    .setHost(server.substring(0, server.lastIndexOf(':')).replaceAll("[\\[\\]]", ""))
                    .setPort(Integer.parseInt(server.substring(server.lastIndexOf(':') + 1)))
                    .setQueryTimeout(QUERY_MILLIS));
            Set<String> addresses = new TreeSet<>();
            for (Future<List<String>> asked : List.of(client.resolveA(name), client.resolveAAAA(name))) {
                addresses.addAll(answer(asked));
            }
            return addresses;
        } finally {
            vertx.close();
        }
    }

    private static List<String> answer(Future<List<String>> asked) throws Exception {
        try {
            List<String> found =
                    asked.toCompletionStage().toCompletableFuture().get(2 * QUERY_MILLIS, TimeUnit.MILLISECONDS);
            return found == null ? List.of() : found;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DnsException known && known.code() == DnsResponseCode.NXDOMAIN) {
                return List.of();
            }
            throw new IOException(String.valueOf(e.getCause().getMessage()), e);
        }
    }
}
