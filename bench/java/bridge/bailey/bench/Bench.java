package bridge.bailey.bench;

import bridge.bailey.local.LocalConsul;
import bridge.bailey.local.LocalKubernetes;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** {@code make bench}: measures, prints a table, and writes the same as JSON. */
public final class Bench {

    private static final Path JSON = Path.of("target", "bench.json");
    private static final Path LOG = Path.of("target", "bench.log");

    private Bench() {}

    public static void main(String[] args) throws IOException {
        logToFile();
        Options options = Options.of(System.getenv());
        PrintStream out = System.out;
        try (LocalKubernetes kubernetes = LocalKubernetes.start();
                LocalConsul consul = LocalConsul.start()) {
            Map<String, Object> environment = environment(consul);
            out.println(text(environment));
            out.printf("%d instances, %d runs%n%n", options.instances(), options.runs());
            if (options.needsCluster()) {
                seed(kubernetes, options.instances());
            }
            List<Figure> figures = measure(options, kubernetes, consul, out);
            out.println();
            Table.lines(figures).forEach(out::println);
            write(environment, options, figures);
            out.println();
            out.println("Medians (lowest–highest) of the runs; explained in bench/README.md. As JSON: " + JSON);
        }
        // Threads of the libraries would keep the process.
        System.exit(0);
    }

    private static List<Figure> measure(
            Options options, LocalKubernetes kubernetes, LocalConsul consul, PrintStream out) {
        List<Figure> figures = new ArrayList<>();
        if (options.parts().contains(Options.SYNC)) {
            figures.addAll(new InitialSync(options, kubernetes, consul, out).run());
        }
        if (options.parts().contains(Options.FLIP)) {
            figures.addAll(new Flip(options, kubernetes, consul, out).run());
        }
        if (options.parts().contains(Options.IDLE)) {
            figures.addAll(new Idle(options, kubernetes, consul, out).run());
        }
        if (options.parts().contains(Options.PROBE)) {
            figures.addAll(new Probing(options, out).run());
        }
        if (options.parts().contains(Options.EC2)) {
            figures.addAll(new FiftyPages(options, out).run());
        }
        if (options.parts().contains(Options.DEATH)) {
            figures.addAll(new Death(options, kubernetes, consul, out).run());
        }
        if (options.parts().contains(Options.VIEW)) {
            figures.addAll(new Viewing(options, consul, out).run());
        }
        if (options.parts().contains(Options.BOARD)) {
            figures.addAll(new BoardInBrowser(options, out).run());
        }
        if (options.parts().contains(Options.START)) {
            figures.addAll(new StartUp(options, kubernetes, consul, out).run());
        }
        if (options.parts().contains(Options.LOAD)) {
            figures.addAll(load(options, consul, out));
        }
        return figures;
    }

    /** On an API of its own: the watch of the other parts' would be taken from it. */
    private static List<Figure> load(Options options, LocalConsul consul, PrintStream out) {
        try (LocalKubernetes own = LocalKubernetes.start()) {
            return new Load(options, own, consul, out).run();
        }
    }

    private static void seed(LocalKubernetes kubernetes, int instances) {
        try (KubernetesClient client = kubernetes.client()) {
            Estate.of(instances).forEach(object -> client.resource(object).create());
        }
    }

    private static Map<String, Object> environment(LocalConsul consul) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        all.put("java", Runtime.version().toString());
        all.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        all.put("cores", Runtime.getRuntime().availableProcessors());
        all.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        all.put("consul", RawConsul.version(consul));
        return all;
    }

    private static String text(Map<String, Object> environment) {
        return String.join(
                ", ",
                environment.entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue())
                        .toList());
    }

    private static void write(Map<String, Object> environment, Options options, List<Figure> figures)
            throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("environment", environment);
        all.put("runs", options.runs());
        all.put("instances", options.instances());
        all.put("flips", options.flips());
        all.put("idleSeconds", options.idle().toSeconds());
        all.put("figures", figures.stream().map(Figure::json).toList());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(JSON.toFile(), all);
    }

    /** Bailey's log is part of its work, but not of the table. */
    private static void logToFile() throws IOException {
        Logger root = Logger.getLogger("");
        Arrays.stream(root.getHandlers()).forEach(root::removeHandler);
        Handler file = new FileHandler(LOG.toString());
        file.setFormatter(new SimpleFormatter());
        root.addHandler(file);
    }
}
