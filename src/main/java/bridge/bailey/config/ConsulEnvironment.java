package bridge.bailey.config;

import bridge.bailey.consul.ConsulSettings;
import bridge.bailey.consul.Login;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Reads the environment variables that Consul's own tools read, with their meaning. */
final class ConsulEnvironment {

    private static final String DEFAULT_ADDRESS = "127.0.0.1:8500";

    private final Map<String, String> environment;
    private final Problems problems;

    private ConsulEnvironment(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** What Consul notes beside the tokens of a login, so that whoever lists them knows whose they are. */
    private static final String CLUSTER = "bailey-cluster";

    static ConsulSettings read(Map<String, String> environment, BaileyConfig all, Problems problems) {
        BaileyConfig.Consul config = all.consul();
        ConsulEnvironment from = new ConsulEnvironment(environment, problems);
        Optional<Path> certificate = from.file("CONSUL_CLIENT_CERT");
        Optional<Path> key = from.file("CONSUL_CLIENT_KEY");
        if (certificate.isPresent() != key.isPresent()) {
            problems.add(
                    certificate.isPresent() ? "CONSUL_CLIENT_KEY" : "CONSUL_CLIENT_CERT",
                    "",
                    "a client certificate and its key go together");
        }
        Optional<Path> tokenFile = from.file("CONSUL_HTTP_TOKEN_FILE");
        Optional<String> method = config.login().authMethod();
        method.ifPresent(name -> from.checkNoTokenBeside(name, config.tokenFile()));
        return new ConsulSettings(
                from.address(),
                config.datacenter(),
                from.get("CONSUL_HTTP_TOKEN"),
                config.tokenFile().or(() -> tokenFile),
                method.map(name -> new Login(name, config.login().bearerTokenFile(), Map.of(CLUSTER, all.cluster()))),
                from.bool("CONSUL_HTTP_SSL_VERIFY", true),
                from.file("CONSUL_CACERT"),
                certificate,
                key,
                from.get("CONSUL_TLS_SERVER_NAME"),
                config.requestTimeout(),
                OptionalInt.empty());
    }

    /** It would be a guess which of the two is meant. */
    private void checkNoTokenBeside(String method, Optional<Path> tokenFile) {
        List<String> given = new ArrayList<>();
        tokenFile.ifPresent(path -> given.add("bailey.consul.token-file"));
        Stream.of("CONSUL_HTTP_TOKEN_FILE", "CONSUL_HTTP_TOKEN")
                .filter(name -> get(name).isPresent())
                .forEach(given::add);
        if (!given.isEmpty()) {
            problems.addSentence(
                    "bailey.consul.login.auth-method",
                    method,
                    "a login gives a token, but one is given by " + String.join(" and ", given)
                            + " too: remove either");
        }
    }

    private Optional<String> get(String name) {
        return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
    }

    /** {@code host:port}, or a URL; CONSUL_HTTP_SSL makes it https. */
    private URI address() {
        String name = "CONSUL_HTTP_ADDR";
        String given = get(name).orElse(DEFAULT_ADDRESS);
        boolean ssl = bool("CONSUL_HTTP_SSL", false);
        String shown = withoutCredentials(given);
        String allowed = "host:port, http://host:port or https://host:port";
        String text = given.contains("://") ? given : "http://" + given;
        try {
            URI uri = new URI(text);
            boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getPath() == null
                    || uri.getPath().isEmpty()
                    || uri.getPath().equals("/");
            if (!known || uri.getHost() == null || !bare || uri.getUserInfo() != null || uri.getQuery() != null) {
                problems.add(name, shown, allowed + "; Unix sockets, paths and credentials are not supported");
                return URI.create("http://" + DEFAULT_ADDRESS);
            }
            String scheme = ssl ? "https" : uri.getScheme();
            return new URI(scheme, null, uri.getHost(), port(uri, given.contains("://"), scheme), null, null, null);
        } catch (URISyntaxException e) {
            problems.add(name, shown, allowed);
            return URI.create("http://" + DEFAULT_ADDRESS);
        }
    }

    /** A password may have any character; what follows a question mark may be a token. */
    private static String withoutCredentials(String address) {
        return address.replaceFirst("(?s)^(\\w+://)?.*@", "$1…@").replaceFirst("(?s)[?#].*", "?…");
    }

    /** A URL without a port means its scheme's, as for Consul's own tools; a bare host, Consul's. */
    private static int port(URI uri, boolean url, String scheme) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        int ofScheme = scheme.equals("https") ? 443 : 80;
        return url ? ofScheme : 8500;
    }

    private boolean bool(String name, boolean byDefault) {
        return switch (get(name).orElse(Boolean.toString(byDefault))) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> {
                problems.add(name, environment.get(name), "true or false");
                yield byDefault;
            }
        };
    }

    private Optional<Path> file(String name) {
        Optional<Path> path = get(name).map(Path::of);
        path.filter(p -> !Files.isReadable(p))
                .ifPresent(p -> problems.add(name, Problems.shownPath(p.toString()), "the path of a readable file"));
        return path;
    }
}
