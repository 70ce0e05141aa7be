package bridge.bailey.bench;

import bridge.bailey.local.LocalConsul;
import java.nio.charset.StandardCharsets;
import java.util.Collections;

/** Consul's HTTP API with nothing in between. */
final class RawConsul implements AutoCloseable {

    private static final int OK = 200;
    private static final int TOO_LARGE = 413;

    private final RawHttp http;

    RawConsul(LocalConsul consul) {
        http = new RawHttp(consul.httpPort());
    }

    /** PUTs below /v1/, and reads the whole answer. */
    void put(String path, byte[] body) {
        int status = http.exchange("PUT", "/v1/" + path, body).status();
        if (status != OK) {
            throw new IllegalStateException("PUT " + path + ": " + status);
        }
    }

    /** What a transaction of this server may have. */
    int maxOperations() {
        String get = "{\"KV\":{\"Verb\":\"get\",\"Key\":\"none\"}}";
        String tooMany = "[" + String.join(",", Collections.nCopies(65, get)) + "]";
        int status = http.exchange("PUT", "/v1/txn", tooMany.getBytes(StandardCharsets.UTF_8))
                .status();
        return status == TOO_LARGE ? 64 : 128;
    }

    /** The index that Consul answers with; it grows when what the path leads to changes. */
    long index(String path) {
        return http.exchange("GET", "/v1/" + path + "?consistent", new byte[0]).consulIndex();
    }

    /** How many entries of Raft's log the server has applied: each write that reaches it, a vain one too, is one. */
    static long raft(LocalConsul consul) {
        return Long.parseLong(
                consul.get("agent/self").at("/Stats/raft/applied_index").asText());
    }

    static String version(LocalConsul consul) {
        return consul.get("agent/self").at("/Config/Version").asText();
    }

    @Override
    public void close() {
        http.close();
    }
}
