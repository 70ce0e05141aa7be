package bridge.bailey.consul;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * The part of Consul's HTTP API that consul-client lacks: transactions beyond KV, checks, and reads of whole nodes in
 * full fidelity. All reads are {@code ?consistent}: a server that replays its log after a restart answers other reads
 * from a partial catalog.
 */
public final class ConsulHttp implements AutoCloseable {

    private static final MediaType JSON = MediaType.get("application/json");
    private static final int LONGEST_ERROR = 2000;
    private static final int CONFLICT = 409;

    private static final ObjectMapper MAPPER =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final TypeReference<List<Catalog.Node>> NODES = new TypeReference<>() {};
    private static final TypeReference<Catalog.NodeServices> NODE_SERVICES = new TypeReference<>() {};
    private static final TypeReference<List<Catalog.Check>> CHECKS = new TypeReference<>() {};
    private static final TypeReference<List<Catalog.Instance>> INSTANCES = new TypeReference<>() {};
    private static final TypeReference<Txn.Answer> ANSWER = new TypeReference<>() {};

    private final ConsulSettings settings;
    private final OkHttpClient client;
    private final Token token;
    private final Observer observer;

    /** Is told of each request. */
    public interface Observer {
        /** A request of a kind was answered, after so many seconds; status 0 means that there was no answer. */
        void observed(String kind, int status, double seconds);
    }

    public ConsulHttp(ConsulSettings settings, Observer observer) {
        this.settings = settings;
        this.observer = observer;
        this.token = new Token(settings.token(), settings.tokenFile());
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .socketFactory(new PromptSockets())
                .connectTimeout(settings.requestTimeout())
                .readTimeout(settings.requestTimeout())
                .writeTimeout(settings.requestTimeout())
                .callTimeout(settings.requestTimeout().multipliedBy(2))
                .followRedirects(false);
        Tls.of(settings).ifPresent(tls -> tls.configure(builder));
        this.client = builder.build();
    }

    /** The nodes with this meta pair. */
    public List<Catalog.Node> nodes(String metaKey, String metaValue) throws ConsulException {
        HttpUrl url = url("catalog", "nodes")
                .addQueryParameter("node-meta", metaKey + ":" + metaValue)
                .build();
        return get("nodes", url, NODES);
    }

    /**
     * What Consul answered, and the index of its data then: as long as that is the same, so is the data. A lower one means
     * that data was lost.
     */
    public record Indexed<V>(V value, long index) {}

    /** An index that no data has. */
    public static final long NO_INDEX = -1;

    /**
     * One node with its service instances; without a node if there is none of that name.
     *
     * @param known empty is returned if the data still has this index
     */
    public Optional<Indexed<Optional<NodeWithServices>>> node(String name, long known) throws ConsulException {
        HttpUrl url = url("catalog", "node-services", name).build();
        return getUnless(known, "node-services", url, NODE_SERVICES)
                .map(answer -> new Indexed<>(nodeOf(answer.value()), answer.index()));
    }

    private static Optional<NodeWithServices> nodeOf(Catalog.NodeServices answer) {
        return Optional.ofNullable(answer)
                .filter(found -> found.node() != null)
                .map(found ->
                        new NodeWithServices(found.node(), found.services() == null ? List.of() : found.services()));
    }

    /** A node and its service instances. */
    public record NodeWithServices(Catalog.Node node, List<Catalog.Service> services) {}

    /** The index of one service instance; empty if there is none of that name and id. */
    public Optional<Long> serviceIndex(String name, String id) throws ConsulException {
        HttpUrl url = url("health", "service", name)
                .addQueryParameter("filter", "Service.ID == \"" + id + "\"")
                .build();
        List<Catalog.Instance> found = get("service", url, INSTANCES);
        return found.stream().map(instance -> instance.service().modifyIndex()).findFirst();
    }

    /**
     * The checks of one node; none if there is no such node.
     *
     * @param known empty is returned if the data still has this index
     */
    public Optional<Indexed<List<Catalog.Check>>> checks(String node, long known) throws ConsulException {
        return getUnless(known, "node-checks", url("health", "node", node).build(), CHECKS);
    }

    /**
     * Runs operations as one transaction: all are done, or none.
     *
     * @return the answer, which has errors if nothing was done
     * @throws ConsulException if there was no such answer; without an HTTP status it is unknown whether they were done
     */
    public Txn.Answer transact(List<byte[]> operations) throws ConsulException {
        Request request = request(url("txn").build())
                .put(RequestBody.create(array(operations), JSON))
                .build();
        return call("txn", request, response -> {
            if (response.isSuccessful() || response.code() == CONFLICT) {
                return MAPPER.readValue(body(response).byteStream(), ANSWER);
            }
            throw failure(response);
        });
    }

    /** The size of a transaction's body in bytes. */
    public static int size(List<byte[]> operations) {
        return 1 + operations.stream().mapToInt(op -> op.length + 1).sum();
    }

    private static byte[] array(List<byte[]> operations) {
        byte[] all = new byte[size(operations)];
        int at = 0;
        byte before = '[';
        for (byte[] operation : operations) {
            all[at++] = before;
            System.arraycopy(operation, 0, all, at, operation.length);
            at += operation.length;
            before = ',';
        }
        all[at] = ']';
        return all;
    }

    private HttpUrl.Builder url(String... segments) {
        HttpUrl.Builder url = HttpUrl.get(settings.address()).newBuilder().addPathSegment("v1");
        for (String segment : segments) {
            url.addPathSegment(segment);
        }
        settings.datacenter().ifPresent(dc -> url.addQueryParameter("dc", dc));
        return url;
    }

    private Request.Builder request(HttpUrl url) throws ConsulException {
        Request.Builder request = new Request.Builder().url(url);
        try {
            token.current().ifPresent(value -> request.header("X-Consul-Token", value));
        } catch (InvalidTokenException e) {
            throw new ConsulException(ConsulException.NO_ANSWER, e.getMessage());
        }
        return request;
    }

    private <V> V get(String kind, HttpUrl url, TypeReference<V> type) throws ConsulException {
        return getUnless(NO_INDEX, kind, url, type).orElseThrow().value();
    }

    /** Reading what is known already would be most of the work of an idle daemon: its index tells without. */
    private <V> Optional<Indexed<V>> getUnless(long known, String kind, HttpUrl url, TypeReference<V> type)
            throws ConsulException {
        HttpUrl consistent =
                url.newBuilder().addQueryParameter("consistent", "").build();
        return call(kind, request(consistent).build(), response -> {
            if (!response.isSuccessful()) {
                throw failure(response);
            }
            long index = Long.parseLong(response.header("X-Consul-Index", "0"));
            if (index == known) {
                return Optional.empty();
            }
            return Optional.of(new Indexed<>(MAPPER.readValue(body(response).byteStream(), type), index));
        });
    }

    @FunctionalInterface
    private interface Handler<V> {
        V handle(Response response) throws IOException;
    }

    private <V> V call(String kind, Request request, Handler<V> handler) throws ConsulException {
        long start = System.nanoTime();
        int status = ConsulException.NO_ANSWER;
        try (Response response = client.newCall(request).execute()) {
            V value = handler.handle(response);
            status = response.code();
            return value;
        } catch (ConsulException e) {
            status = e.status();
            throw e;
        } catch (IOException e) {
            throw new ConsulException(
                    settings + " does not answer: " + e.getClass().getSimpleName() + ": " + e.getMessage(), e);
        } finally {
            observer.observed(kind, status, (System.nanoTime() - start) / 1e9);
        }
    }

    private static ResponseBody body(Response response) throws IOException {
        ResponseBody body = response.body();
        if (body == null) {
            throw new IOException("no body");
        }
        return body;
    }

    private ConsulException failure(Response response) throws IOException {
        String text = response.peekBody(LONGEST_ERROR).string().strip();
        return new ConsulException(
                response.code(),
                settings + " answered " + response.code() + " to "
                        + response.request().method() + " "
                        + response.request().url().encodedPath() + ": " + text);
    }

    @Override
    public void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
