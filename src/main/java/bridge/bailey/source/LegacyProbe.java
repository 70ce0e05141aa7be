package bridge.bailey.source;

import bridge.bailey.crd.Formats;
import bridge.bailey.model.Health;
import bridge.bailey.model.LegacyDeclaration;
import bridge.bailey.model.LegacyDefaults;
import bridge.bailey.model.Probe;
import bridge.bailey.model.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the probe of a LegacyService. What it does must be read without fault, or there is no probe, since a wrong one would
 * take down what works; for how often and how long, Bailey's own defaults stand in.
 */
final class LegacyProbe {

    private static final String NO_PROBE = "without a probe an instance is as healthy as its origin says";
    private static final String DEFAULT = "Bailey's own default counts";

    private static final Fields.Format PORT =
            Fields.Format.of(Formats.PORT_NAME, 63, "the name of one of spec.ports, with the protocol TCP");
    private static final Fields.Format PATH =
            Fields.Format.of(Formats.PATH, 2048, "a path that begins with /, without blanks");
    private static final Fields.Format SCHEME = Fields.Format.of("^HTTPS?$", 5, "HTTP or HTTPS");
    private static final Fields.Format HOST =
            Fields.Format.of(Formats.HOST, 253, "a name or an address, with a port if need be");
    private static final Fields.Format EXPECT = new Fields.Format(
            text -> text.matches(Formats.EXPECT) && least(text) <= most(text),
            "a status such as 200, or a range such as 200-399");
    private static final Fields.Format GRPC_SERVICE =
            Fields.Format.of(Formats.GRPC_SERVICE, 255, "the name of a gRPC service, such as billing.v1");
    private static final Fields.Format PEM = Fields.Format.of(Formats.PEM, 65_536, "certificates in PEM");
    private static final Fields.Format INTERVAL = duration(Duration.ofMillis(100), Duration.ofHours(1), "100ms to 1h");
    private static final Fields.Format TIMEOUT = duration(Duration.ofMillis(10), Duration.ofMinutes(5), "10ms to 5m");
    private static final Fields.Format INITIALLY = Fields.Format.of("^(healthy|unhealthy)$", 9, "healthy or unhealthy");

    private final LegacyDefaults defaults;
    private final List<LegacyDeclaration.Port> ports;

    /** Reads for these ports. */
    LegacyProbe(LegacyDefaults defaults, List<LegacyDeclaration.Port> ports) {
        this.defaults = defaults;
        this.ports = ports;
    }

    Optional<Probe> read(Fields spec) {
        return spec.object("probe", NO_PROBE).flatMap(this::probe);
    }

    private Optional<Probe> probe(Fields fields) {
        int before = fields.reported();
        Optional<Probe.Check> check = check(fields);
        if (fields.reported() > before) {
            return Optional.empty();
        }
        Duration interval = fields.text("interval", INTERVAL, DEFAULT)
                .map(LegacyProbe::duration)
                .orElse(defaults.interval());
        return check.map(what -> new Probe(
                what,
                interval,
                timeout(fields, interval),
                fields.number("rise", 1, 100, DEFAULT).orElse(defaults.rise()),
                fields.number("fall", 1, 100, DEFAULT).orElse(defaults.fall()),
                fields.text("initially", INITIALLY, DEFAULT)
                        .map(text -> text.equals("healthy") ? Health.HEALTHY : Health.UNHEALTHY)
                        .orElse(defaults.initially())));
    }

    /** A default that is longer than the interval is cut without a word. */
    private Duration timeout(Fields fields, Duration interval) {
        Optional<Duration> given = fields.text("timeout", TIMEOUT, DEFAULT).map(LegacyProbe::duration);
        if (given.isPresent() && given.get().compareTo(interval) > 0) {
            fields.wrong("timeout", "at most as long as the interval", "it is taken to be as long");
        }
        Duration timeout = given.orElse(defaults.timeout());
        return timeout.compareTo(interval) > 0 ? interval : timeout;
    }

    private Optional<Probe.Check> check(Fields fields) {
        List<String> kinds =
                Stream.of("http", "tcp", "grpc").filter(fields::has).toList();
        if (kinds.size() != 1) {
            fields.wrong("exactly one of http, tcp and grpc", NO_PROBE);
            return Optional.empty();
        }
        return fields.object(kinds.get(0), NO_PROBE).map(check -> switch (kinds.get(0)) {
            case "http" -> http(check);
            case "grpc" -> grpc(check);
            default -> new Probe.Check.Tcp(port(check));
        });
    }

    private Probe.Check http(Fields fields) {
        boolean tls =
                fields.text("scheme", SCHEME, NO_PROBE).filter("HTTPS"::equals).isPresent();
        String expect = fields.text("expect", EXPECT, NO_PROBE).orElse("200-399");
        Probe.Encryption encryption = encryption(fields);
        return new Probe.Check.Http(
                port(fields),
                fields.text("path", PATH, NO_PROBE).orElse("/"),
                fields.text("host", HOST, NO_PROBE).orElse(""),
                least(expect),
                most(expect),
                tls ? encryption : new Probe.Encryption.None());
    }

    private Probe.Check grpc(Fields fields) {
        Probe.Encryption encryption = encryption(fields);
        return new Probe.Check.Grpc(
                port(fields),
                fields.text("service", GRPC_SERVICE, NO_PROBE).orElse(""),
                fields.has("tls") ? encryption : new Probe.Encryption.None());
    }

    private static Probe.Encryption encryption(Fields fields) {
        Optional<Fields> tls = fields.object("tls", NO_PROBE);
        String ca = tls.flatMap(t -> t.text("ca", PEM, NO_PROBE)).orElse("");
        boolean verify = tls.map(t -> t.flag("verify", true)).orElse(true);
        return verify ? new Probe.Encryption.Verified(ca) : new Probe.Encryption.Unverified();
    }

    /** An instance can't be probed on a port that it doesn't serve, nor with UDP. */
    private String port(Fields fields) {
        Optional<String> name = fields.text("port", PORT, NO_PROBE);
        Optional<LegacyDeclaration.Port> probed = ports.stream()
                .filter(port -> name.isEmpty() || name.get().equals(port.name()))
                .findFirst();
        boolean told = fields.has("port") && name.isEmpty();
        if (!told && probed.filter(port -> port.protocol() == Protocol.TCP).isEmpty()) {
            fields.wrong("port", PORT.allowed(), NO_PROBE);
        }
        return name.orElse("");
    }

    private static int least(String expect) {
        return Integer.parseInt(expect.substring(0, 3));
    }

    private static int most(String expect) {
        return Integer.parseInt(expect.substring(expect.length() - 3));
    }

    private static Fields.Format duration(Duration least, Duration most, String range) {
        return new Fields.Format(
                text -> text.matches(Formats.DURATION)
                        && duration(text).compareTo(least) >= 0
                        && duration(text).compareTo(most) <= 0,
                "a duration from " + range + ", such as 2s");
    }

    private static Duration duration(String text) {
        int unit = text.length() - (text.endsWith("ms") ? 2 : 1);
        long number = Long.parseLong(text.substring(0, unit));
        return switch (text.substring(unit)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
