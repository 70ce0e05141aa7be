package bridge.bailey.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import bridge.bailey.model.Printable;
import bridge.bailey.model.ServiceKey;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Locale;

/** Asks a running daemon over HTTP, with bounds on time and size. */
final class DaemonClient {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration READ = Duration.ofSeconds(10);
    private static final Duration ALL = Duration.ofSeconds(30);
    private static final int MOST_BYTES = 64 << 20;
    private static final int CHUNK = 1 << 16;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String url;

    DaemonClient(String url) {
        this.url = url.replaceAll("/+$", "");
    }

    /** An answer, as it came and as it is read. */
    record Answer(String text, JsonNode json) {}

    /** There is none; the message says why, and what to do. */
    static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1;

        NoAnswer(String message) {
            super(message);
        }
    }

    /** What {@code /api/services/{namespace}/{name}} answers. */
    Answer service(ServiceKey key) throws NoAnswer {
        HttpURLConnection connection = open("/api/services/" + encoded(key.namespace()) + "/" + encoded(key.name()));
        try {
            int status = connection.getResponseCode();
            String body = read(status < 400 ? connection.getInputStream() : connection.getErrorStream());
            return answer(status, body, status == OK ? "service" : "error");
        } catch (IOException e) {
            throw new NoAnswer("Bailey at " + url + " does not answer: " + reason(e)
                    + ". Only a running Bailey knows: give its address by --url or BAILEY_URL, or ask inside its pod by"
                    + " kubectl exec");
        } finally {
            connection.disconnect();
        }
    }

    /** What {@code POST /api/release/{flow}} answers. */
    JsonNode release(String flow) throws NoAnswer {
        HttpURLConnection connection = open("/api/release/" + encoded(flow));
        try {
            connection.setRequestMethod("POST");
            connection.setRequestProperty("X-Bailey-Release", "yes");
            int status = connection.getResponseCode();
            String body = read(status < 400 ? connection.getInputStream() : connection.getErrorStream());
            return answer(status, body, status == OK ? "released" : "error").json();
        } catch (IOException e) {
            throw new NoAnswer("Bailey at " + url + " does not answer: " + reason(e));
        } finally {
            connection.disconnect();
        }
    }

    private Answer answer(int status, String body, String expected) throws NoAnswer {
        JsonNode json = parsed(body);
        if (!json.has(expected)) {
            throw new NoAnswer(
                    "what answers at " + url + " is no Bailey that has this command: status " + status + "; see --url");
        }
        if (status == NOT_FOUND) {
            throw new NoAnswer(Printable.of(json.get("error").asText(), 400));
        }
        if (status != OK) {
            throw new NoAnswer("Bailey at " + url + " answered with status " + status + ": "
                    + Printable.of(json.path("error").asText(), 400));
        }
        return new Answer(body, json);
    }

    private static JsonNode parsed(String body) {
        try {
            return MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return MAPPER.missingNode();
        }
    }

    private HttpURLConnection open(String path) throws NoAnswer {
        try {
            URI uri = URI.create(url + path);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                throw new NoAnswer("--url = \"" + Printable.of(url) + "\": must be like http://localhost:8080");
            }
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout((int) CONNECT.toMillis());
            connection.setReadTimeout((int) READ.toMillis());
            connection.setRequestProperty("Accept", "application/json");
            return connection;
        } catch (IllegalArgumentException | IOException e) {
            throw new NoAnswer("--url = \"" + Printable.of(url) + "\": must be like http://localhost:8080");
        }
    }

    private static String read(InputStream in) throws IOException {
        if (in == null) {
            return "";
        }
        long end = System.nanoTime() + ALL.toNanos();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            all.write(chunk, 0, count);
            if (all.size() > MOST_BYTES) {
                throw new IOException("the answer has more than " + (MOST_BYTES >> 20) + " MiB");
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException("the answer took more than " + ALL.toSeconds() + " s");
            }
        }
        return all.toString(UTF_8);
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : Printable.of(e.getMessage());
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, UTF_8).replace("+", "%20");
    }
}
