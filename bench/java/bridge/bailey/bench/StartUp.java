package bridge.bailey.bench;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalKubernetes;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From the start of a process until it is ready, by the flags of the image and without any. In turns, so that what else the
 * machine does slows all alike.
 */
final class StartUp {

    private static final String PLAIN = "no flags";

    private final Options options;
    private final LocalKubernetes kubernetes;
    private final LocalConsul consul;
    private final PrintStream progress;

    StartUp(Options options, LocalKubernetes kubernetes, LocalConsul consul, PrintStream progress) {
        this.options = options;
        this.kubernetes = kubernetes;
        this.consul = consul;
        this.progress = progress;
    }

    /** How it is started. */
    private record Way(Path java, List<String> flags, Path jar) {}

    /** What each run told. */
    private record Told(List<Double> seconds, List<Double> cpu, List<Double> resident) {
        Told() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    List<Figure> run() {
        Map<String, Way> ways = ways();
        Map<String, Told> told = new LinkedHashMap<>();
        ways.keySet().forEach(name -> told.put(name, new Told()));
        // The first fills Consul, so that all others find it filled, as after a rolling update.
        start(ways.get(PLAIN), new Told());
        for (int run = 1; run <= options.runs(); run++) {
            for (Map.Entry<String, Way> way : ways.entrySet()) {
                Told its = told.get(way.getKey());
                start(way.getValue(), its);
                progress.printf(
                        "start  %d/%d, %s: %.2f s, CPU %.2f s, resident %.0f MiB%n",
                        run, options.runs(), way.getKey(), last(its.seconds()), last(its.cpu()), last(its.resident()));
            }
        }
        return figures(told);
    }

    private static double last(List<Double> values) {
        return values.get(values.size() - 1);
    }

    private void start(Way way, Told told) {
        Stopwatch watch = new Stopwatch();
        try (BaileyProcess bailey = new BaileyProcess(kubernetes, consul, way.java(), way.flags(), way.jar())) {
            bailey.awaitReady();
            told.seconds().add(watch.seconds());
            told.cpu().add(bailey.cpu().toNanos() / 1e9);
            bailey.awaitOwned(options.instances());
            told.resident().add(bailey.residentMebibytes());
        }
    }

    /** Those of this JDK, and of the image where {@code make image_layout} laid it out. */
    private static Map<String, Way> ways() {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put(PLAIN, new Way(BaileyProcess.JAVA, List.of(), BaileyProcess.JAR));
        List<String> flags = List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");
        ways.put("heap 160 MiB, serial GC", new Way(BaileyProcess.JAVA, flags, BaileyProcess.JAR));
        Path image = Path.of("target", "image").toAbsolutePath();
        Path java = image.resolve("opt/java/bin/java");
        if (Files.exists(java)) {
            Path jar = image.resolve("app/quarkus-run.jar");
            ways.put("Java of the image, no flags", new Way(java, List.of(), jar));
            ways.put("Java of the image, the same", new Way(java, flags, jar));
            List<String> cached = with(flags, "-XX:AOTCache=" + image.resolve("app/bailey.aot"));
            ways.put("the image: with its cache", new Way(java, cached, jar));
            ways.put("… and C1 alone", new Way(java, with(cached, "-XX:TieredStopAtLevel=1"), jar));
        }
        return ways;
    }

    private static List<String> with(List<String> flags, String another) {
        List<String> all = new ArrayList<>(flags);
        all.add(another);
        return all;
    }

    private static List<Figure> figures(Map<String, Told> told) {
        Told plain = told.get(PLAIN);
        List<Figure> figures = new ArrayList<>();
        told.forEach((name, its) -> {
            figures.add(figure("(k) start to ready, " + name, "s", its.seconds(), plain.seconds()));
            figures.add(figure("(k) … CPU until then", "s", its.cpu(), plain.cpu()));
            figures.add(figure("(k) … resident when all is in Consul", "MiB", its.resident(), plain.resident()));
        });
        figures.add(Figure.of("(k) the cache", "MiB", new Series(List.of(cacheMebibytes()))));
        return figures;
    }

    private static Figure figure(String what, String unit, List<Double> measured, List<Double> plain) {
        Series series = new Series(measured);
        Series baseline = new Series(plain);
        return Figure.of(what, unit, series, baseline, series.dividedBy(baseline));
    }

    private static double cacheMebibytes() {
        Path cache = Path.of("target", "image", "app", "bailey.aot");
        try {
            return Files.exists(cache) ? Files.size(cache) / (double) (1 << 20) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
