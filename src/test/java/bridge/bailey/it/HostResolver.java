package bridge.bailey.it;

import static org.awaitility.Awaitility.await;

import bridge.bailey.local.Ending;
import bridge.bailey.local.Ports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The resolver of a legacy host: Debian's dnsmasq or unbound, with what examples/dns offers to be copied; only ports are others.
 * It asks nothing but loopback addresses. Where there is none, tests on it are skipped.
 */
final class HostResolver implements AutoCloseable {

    private static final Path SHIPPED = Path.of("examples", "dns");

    private final Process process;
    private final int port;
    private final Path folder;

    private HostResolver(Process process, int port, Path folder) {
        this.process = process;
        this.port = port;
        this.folder = folder;
    }

    /** Which resolver. */
    enum Program {
        DNSMASQ("dnsmasq.conf", "127.0.0.1#8600") {
            @Override
            String host(int port, int consulPort, Path folder, Path consul, String more) {
                return String.join(
                        "\n",
                        "no-resolv",
                        "no-hosts",
                        "bind-interfaces",
                        "listen-address=127.0.0.1",
                        "port=" + port,
                        "pid-file=" + folder.resolve("dnsmasq.pid"),
                        "conf-file=" + consul,
                        more,
                        "");
            }

            @Override
            List<String> command(Path configuration) {
                return List.of("dnsmasq", "--keep-in-foreground", "--log-facility=-", "-C", configuration.toString());
            }
        },
        UNBOUND("unbound.conf", "127.0.0.1@8600") {
            @Override
            String host(int port, int consulPort, Path folder, Path consul, String more) {
                // It validates, as Debian's does; what is not Consul's it asks of Consul too, which refuses it.
                return String.join(
                        "\n",
                        "server:",
                        "  directory: \"" + folder + "\"",
                        "  chroot: \"\"",
                        "  username: \"\"",
                        "  pidfile: \"\"",
                        "  use-syslog: no",
                        "  do-ip6: no",
                        "  interface: 127.0.0.1@" + port,
                        "  trust-anchor: \". DS 20326 8 2"
                                + " E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\"",
                        "  " + more,
                        "remote-control:",
                        "  control-enable: no",
                        "forward-zone:",
                        "  name: \".\"",
                        "  forward-addr: 127.0.0.1@" + consulPort,
                        "include: \"" + consul + "\"",
                        "");
            }

            @Override
            List<String> command(Path configuration) {
                return List.of("unbound", "-d", "-c", configuration.toString());
            }
        };

        private final String file;
        private final String consul;

        Program(String file, String consul) {
            this.file = file;
            this.consul = consul;
        }

        /** What the host's own configuration says. */
        abstract String host(int port, int consulPort, Path folder, Path consul, String more);

        abstract List<String> command(Path configuration);

        private String shipped(int consulPort) throws IOException {
            String text = Files.readString(SHIPPED.resolve(file));
            if (!text.contains(consul)) {
                throw new IllegalStateException(SHIPPED.resolve(file) + " does not ask " + consul);
            }
            return text.replace(consul, consul.replace("8600", Integer.toString(consulPort)));
        }
    }

    /** Starts it as it is shipped. */
    static HostResolver start(Program program, int consulPort) {
        return start(program, consulPort, UnaryOperator.identity(), "");
    }

    /**
     * Starts it, and returns when it answers.
     *
     * @param change of what is shipped
     * @param more a line of the host's own configuration
     */
    static HostResolver start(Program program, int consulPort, UnaryOperator<String> change, String more) {
        try {
            Path folder = Files.createTempDirectory("bailey-resolver-");
            Path consul = Files.writeString(folder.resolve("consul.conf"), change.apply(program.shipped(consulPort)));
            int port = Ports.free();
            Path configuration = Files.writeString(
                    folder.resolve("host.conf"), program.host(port, consulPort, folder, consul, more));
            File log = folder.resolve("log").toFile();
            Process process = new ProcessBuilder(found(program.command(configuration)))
                    .redirectErrorStream(true)
                    .redirectOutput(log)
                    .start();
            HostResolver resolver = new HostResolver(process, port, folder);
            try {
                await("a resolver that logs to " + log)
                        .failFast("it ended: see " + log, () -> !process.isAlive())
                        .until(resolver::answers);
            } catch (RuntimeException e) {
                process.destroyForcibly();
                throw e;
            }
            return resolver;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> found(List<String> command) {
        String name = command.get(0);
        // Many people's PATH lacks the folder of daemons.
        Stream<String> folders = Stream.concat(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1)), Stream.of("/usr/sbin"));
        Optional<Path> program = folders.map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(
                program.isPresent(),
                "What examples/dns ships is tested on Debian's " + name + ": install dnsmasq-base and unbound.");
        return Stream.concat(
                        Stream.of(program.get().toString()), command.stream().skip(1))
                .toList();
    }

    /** Whether it answers at all; as a validating resolver does, it may well say SERVFAIL. */
    private boolean answers() {
        try {
            return !new HostLookup(port).a("consul").status().isEmpty();
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        Ending.of(process, Duration.ofSeconds(10));
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
