package bridge.bailey.bench;

import bridge.bailey.bench.Figure.Limit;
import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalKubernetes;
import bridge.bailey.model.CatalogEntry;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Everything into an empty Consul: by Bailey, by a bare loop of transactions, and by one request for each instance. */
final class InitialSync {

    private static final int WARM_UP = 3;

    private final Options options;
    private final LocalKubernetes kubernetes;
    private final LocalConsul consul;
    private final PrintStream progress;

    private final List<Double> listing = new ArrayList<>();
    private final List<Double> bailey = new ArrayList<>();
    private final List<Double> total = new ArrayList<>();
    private final List<Double> floor = new ArrayList<>();
    private final List<Double> single = new ArrayList<>();
    private List<CatalogEntry> entries = List.of();
    private Raw raw;

    InitialSync(Options options, LocalKubernetes kubernetes, LocalConsul consul, PrintStream progress) {
        this.options = options;
        this.kubernetes = kubernetes;
        this.consul = consul;
        this.progress = progress;
    }

    List<Figure> run() {
        warmUp();
        for (int run = 1; run <= options.runs(); run++) {
            floor.add(bareTransactions());
            byBailey();
            single.add(oneByOne());
            progress.printf(
                    "sync  %d/%d: floor %.2f s, Bailey %.2f s (and %.2f s to list), one by one %.2f s%n",
                    run,
                    options.runs(),
                    floor.get(run - 1),
                    bailey.get(run - 1),
                    listing.get(run - 1),
                    single.get(run - 1));
        }
        return figures();
    }

    /** The first rounds also tell what Bailey writes; their times are those of a cold JVM, and are dropped. */
    private void warmUp() {
        for (int round = 0; round < WARM_UP; round++) {
            byBailey();
            bareTransactions();
        }
        List.of(listing, bailey, total).forEach(List::clear);
    }

    private void byBailey() {
        empty();
        try (Bridge bridge = new Bridge(kubernetes, consul)) {
            Stopwatch watch = new Stopwatch();
            bridge.start();
            bridge.awaitSynced();
            listing.add(watch.seconds());
            bridge.awaitDone();
            total.add(watch.seconds());
            bailey.add(total.get(total.size() - 1) - listing.get(listing.size() - 1));
            if (entries.isEmpty()) {
                entries = bridge.written();
                raw = new Raw(bridge.settings().consulNode());
            }
            verify(bridge.settings().consulNode());
        }
    }

    private double bareTransactions() {
        empty();
        try (RawConsul http = new RawConsul(consul)) {
            List<byte[]> bodies = new ArrayList<>(List.of(raw.makeNode()));
            bodies.addAll(raw.transactions(entries, http.maxOperations()));
            return send(http, "txn", bodies);
        }
    }

    private double oneByOne() {
        empty();
        try (RawConsul http = new RawConsul(consul)) {
            return send(
                    http,
                    "catalog/register",
                    entries.stream().map(raw::registration).toList());
        }
    }

    private double send(RawConsul http, String path, List<byte[]> bodies) {
        Stopwatch watch = new Stopwatch();
        bodies.forEach(body -> http.put(path, body));
        double seconds = watch.seconds();
        verify("k8s-" + Bridge.CLUSTER);
        return seconds;
    }

    private void empty() {
        consul.stop();
        consul.wipe();
        consul.startAgain();
    }

    private void verify(String node) {
        int services =
                consul.get("catalog/node-services/" + node).get("Services").size();
        int checks = consul.get("health/node/" + node).size();
        if (services != options.instances() || checks != options.instances()) {
            throw new IllegalStateException(
                    "Consul has " + services + " instances and " + checks + " checks, not " + options.instances());
        }
    }

    private List<Figure> figures() {
        Series byBailey = new Series(bailey);
        Series bare = new Series(floor);
        Series oneByOne = new Series(single);
        Series all = new Series(total);
        return List.of(
                Figure.of(
                        "(a) initial sync, against bare transactions",
                        "s",
                        byBailey,
                        bare,
                        byBailey.dividedBy(bare),
                        Limit.atMost("≤ 1.3", 1.3)),
                Figure.of(
                        "(a) initial sync, times faster than one by one",
                        "s",
                        byBailey,
                        oneByOne,
                        oneByOne.dividedBy(byBailey),
                        Limit.atLeast("≥ 5", 5)),
                Figure.of("(a) … with listing, against bare transactions", "s", all, bare, all.dividedBy(bare)),
                Figure.of("(a) … of which listing from the API", "s", new Series(listing)));
    }
}
