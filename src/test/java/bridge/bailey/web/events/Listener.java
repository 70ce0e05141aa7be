package bridge.bailey.web.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client of events on a plain socket, which reads nothing until it is told to. */
final class Listener implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Socket socket = new Socket();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private volatile String head = "";
    private volatile boolean ended;

    /** An event as it came; its name, id and data are "" if it has none. */
    record Event(String name, String id, String data) {
        JsonNode json() {
            try {
                return MAPPER.readTree(data);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(data, e);
            }
        }
    }

    private Listener(int port, String target, String headers) throws IOException {
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    /** Connects, and does not read yet. */
    static Listener silent(int port) throws IOException {
        return new Listener(port, "/api/events", "");
    }

    /** Connects, and reads. */
    static Listener at(int port) throws IOException {
        return silent(port).reading();
    }

    /** Connects with the last id that was read before, and reads. */
    static Listener after(int port, String id) throws IOException {
        return new Listener(port, "/api/events", "Last-Event-ID: " + id + "\r\n").reading();
    }

    /** Connects with an id that a page got with itself, and reads. */
    static Listener since(int port, String id) throws IOException {
        return new Listener(port, "/api/events?since=" + id, "").reading();
    }

    /** Begins to read. */
    Listener reading() {
        Thread reader = new Thread(this::read, "listener");
        reader.setDaemon(true);
        reader.start();
        return this;
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            StringBuilder first = new StringBuilder();
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                first.append(line).append('\n');
            }
            head = first.toString();
            readChunks(in);
            ended = true;
        } catch (IOException e) {
            // The test, or the server, closed the connection: what was read counts.
        }
    }

    /** A chunk's size counts bytes, but what comes here is ASCII. */
    private void readChunks(BufferedReader in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            String size = in.readLine();
            if (size == null || size.equals("0")) {
                return;
            }
            char[] chunk = new char[Integer.parseInt(size, 16)];
            for (int read = 0; read < chunk.length; ) {
                int more = in.read(chunk, read, chunk.length - read);
                if (more < 0) {
                    return;
                }
                read += more;
            }
            in.readLine();
            text.append(chunk);
            for (int end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
                add(text.substring(0, end));
                text.delete(0, end + 2);
            }
        }
    }

    private void add(String block) {
        String name = "";
        String id = "";
        String data = "";
        for (String line : block.lines().toList()) {
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else {
                name = name.isEmpty() ? line : name;
            }
        }
        events.add(new Event(name, id, data));
    }

    /** The status line and the headers. */
    String head() {
        return head;
    }

    /** All that came, comments and fields by their text included. */
    List<Event> all() {
        return events;
    }

    List<Event> named(String name) {
        return events.stream().filter(event -> event.name().equals(name)).toList();
    }

    /** The names of the services that were told as changed, in order. */
    List<String> changed() {
        return named("services").stream()
                .flatMap(event -> event.json().get("changed").findValuesAsText("name").stream())
                .toList();
    }

    /** Whether the server ended the stream as HTTP has it. */
    boolean ended() {
        return ended;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
