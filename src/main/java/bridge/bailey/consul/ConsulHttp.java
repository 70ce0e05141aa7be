package bridge.bailey.consul;

import bridge.bailey.model.ConsulQuery;
import bridge.bailey.model.Printable;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import okhttp3.Call;
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

    static final String TOKEN_HEADER = "X-Consul-Token";

    private static final MediaType JSON = MediaType.get("application/json");
    private static final int LONGEST_ERROR = 2000;
    private static final int OK = 200;
    private static final int NO_ACLS = 401;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    /** What a blocking query may take beyond its wait. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private static final ObjectMapper MAPPER =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final TypeReference<List<Catalog.Node>> NODES = new TypeReference<>() {};
    private static final TypeReference<Catalog.NodeServices> NODE_SERVICES = new TypeReference<>() {};
    private static final TypeReference<List<Catalog.Check>> CHECKS = new TypeReference<>() {};
    private static final TypeReference<Map<String, List<String>>> SERVICES = new TypeReference<>() {};
    private static final TypeReference<List<Catalog.Instance>> INSTANCES = new TypeReference<>() {};
    private static final TypeReference<List<Catalog.Key>> KEYS = new TypeReference<>() {};
    private static final TypeReference<Txn.Answer> ANSWER = new TypeReference<>() {};

    private final ConsulSettings settings;
    private final OkHttpClient client;
    private final Tokens tokens;
    private final Observer observer;

    /** Is told of each request. */
    public interface Observer {
        /** A request of a kind was answered, after so many seconds; status 0 means that there was no answer. */
        void observed(String kind, int status, double seconds);
    }

    public ConsulHttp(ConsulSettings settings, Observer observer) {
        this(settings, observer, System::nanoTime);
    }

    /** With another clock for the life of tokens. */
    public ConsulHttp(ConsulSettings settings, Observer observer, LongSupplier nanoTime) {
        this.settings = settings;
        this.observer = observer;
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .socketFactory(new PromptSockets())
                .connectTimeout(settings.requestTimeout())
                .readTimeout(settings.requestTimeout())
                .writeTimeout(settings.requestTimeout())
                .callTimeout(settings.requestTimeout().multipliedBy(2))
                .followRedirects(false);
        Tls.of(settings).ifPresent(tls -> tls.configure(builder));
        OkHttpClient plain = builder.build();
        this.tokens = settings.login()
                .<Tokens>map(login -> new LoginToken(settings, login, plain, observer, nanoTime))
                .orElseGet(() -> new GivenToken(settings.token(), settings.tokenFile()));
        this.client =
                plain.newBuilder().addInterceptor(new Authorization(tokens)).build();
    }

    /** What the agent says of itself, asked with the same token. */
    public ConsulAgent agent(InstantSource clock) {
        return new ConsulAgent(settings, tokens, clock);
    }

    /** The nodes with all these pairs of meta. */
    public List<Catalog.Node> nodes(Map<String, String> meta) throws ConsulException {
        return get("nodes", url(meta, "catalog", "nodes"), NODES);
    }

    /** The names of the services on the nodes with all these pairs of meta. */
    public Set<String> serviceNames(Map<String, String> nodeMeta) throws ConsulException {
        return get("services", url(nodeMeta, "catalog", "services"), SERVICES).keySet();
    }

    /**
     * The instances of a service on the nodes with all these pairs of meta.
     *
     * @param known empty is returned if the data still has this index
     */
    public Optional<Indexed<List<Catalog.Instance>>> instances(String service, Map<String, String> nodeMeta, long known)
            throws ConsulException {
        return getUnless(known, "service", url(nodeMeta, "health", "service", service), INSTANCES);
    }

    private HttpUrl url(Map<String, String> nodeMeta, String... segments) {
        HttpUrl.Builder url = url(segments);
        nodeMeta.forEach((key, value) -> url.addQueryParameter("node-meta", key + ":" + value));
        return url.build();
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
     * The instances of a service, with all their checks and those of their nodes.
     *
     * @param known empty is returned if the data still has this index
     * @param hold for how long Consul may wait for the data to have another index; zero to be answered at once
     */
    public Optional<Indexed<List<Catalog.Instance>>> instances(
            ConsulQuery query, long known, Duration hold, Cancellation cancellation) throws ConsulException {
        HttpUrl.Builder url = url(datacenter(query), "health", "service", query.service());
        query.tags().forEach(tag -> url.addQueryParameter("tag", tag));
        OkHttpClient patient = client;
        if (!hold.isZero()) {
            url.addQueryParameter("index", Long.toString(known)).addQueryParameter("wait", hold.toMillis() + "ms");
            // Consul adds up to a sixteenth to what it is asked to wait.
            Duration longest = hold.plus(hold.dividedBy(16)).plus(ANSWER_WITHIN);
            patient = client.newBuilder()
                    .readTimeout(longest)
                    .callTimeout(longest.plus(settings.requestTimeout()))
                    .build();
        }
        Call call = cancellation.of(patient.newCall(get(consistent(url.build()))));
        return send(call, response -> unlessKnown(known, response, INSTANCES));
    }

    /**
     * What our token may read. Consul does not refuse reads: it leaves out what may not be read, and so an empty answer
     * alone proves nothing.
     *
     * @param service whether the service of that name may be read
     * @param nodes whether every node may be read
     */
    public record Rights(boolean service, boolean nodes) {}

    /** What our token may read, as far as Consul tells: where it has no ACLs, everything. */
    public Rights rights(ConsulQuery query) throws ConsulException {
        List<Boolean> answers = allowed(
                datacenter(query),
                List.of(new Access("service", "read", query.service()), new Access("node", "read", "")));
        return new Rights(answers.get(0), answers.get(1));
    }

    /**
     * Something that a token may or may not do.
     *
     * @param resource {@code service}, {@code node} or {@code key}
     * @param access {@code read} or {@code write}
     * @param name of the one thing
     */
    public record Access(String resource, String access, String name) {}

    /** Of at most 64 questions, whether our token may do each, as far as Consul tells: without ACLs, everything. */
    public List<Boolean> allowed(List<Access> questions) throws ConsulException {
        return allowed(settings.datacenter(), questions);
    }

    private List<Boolean> allowed(Optional<String> datacenter, List<Access> asked) throws ConsulException {
        HttpUrl url = url(datacenter, "internal", "acl", "authorize").build();
        List<Map<String, String>> questions = asked.stream()
                .map(a -> Map.of("Resource", a.resource(), "Access", a.access(), "Segment", a.name()))
                .toList();
        try {
            Request request = new Request.Builder()
                    .url(url)
                    .post(RequestBody.create(MAPPER.writeValueAsBytes(questions), JSON))
                    .build();
            return call("authorize", request, response -> {
                if (response.code() == NO_ACLS || response.code() == NOT_FOUND) {
                    return Collections.nCopies(asked.size(), true);
                }
                if (!response.isSuccessful()) {
                    throw failure(response);
                }
                JsonNode answers = MAPPER.readTree(body(response).byteStream());
                return IntStream.range(0, asked.size())
                        .mapToObj(i -> answers.path(i).path("Allow").asBoolean(true))
                        .toList();
            });
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Who leads Consul's servers.
     *
     * @param address "" if nobody does
     * @param date what the agent's clock says, to the second; empty if it does not tell
     */
    public record Leader(String address, Optional<Instant> date) {}

    /** Who leads the servers, as the agent knows; needs no permission. */
    public Leader leader() throws ConsulException {
        Request request =
                new Request.Builder().url(url("status", "leader").build()).build();
        return call("leader", request, response -> {
            if (!response.isSuccessful()) {
                throw failure(response);
            }
            return new Leader(
                    MAPPER.readTree(body(response).byteStream()).asText(),
                    Optional.ofNullable(response.headers().getInstant("Date")));
        });
    }

    private Optional<String> datacenter(ConsulQuery query) {
        return query.datacenter().isEmpty() ? settings.datacenter() : Optional.of(query.datacenter());
    }

    /**
     * The checks of one node; none if there is no such node.
     *
     * @param known empty is returned if the data still has this index
     */
    public Optional<Indexed<List<Catalog.Check>>> checks(String node, long known) throws ConsulException {
        return getUnless(known, "node-checks", url("health", "node", node).build(), CHECKS);
    }

    /** One key of the KV store, which is going to be written; empty if there is none. */
    public Optional<Catalog.Key> key(String name) throws ConsulException {
        HttpUrl url = url("kv").addPathSegments(name).build();
        Request request = new Request.Builder().url(consistent(url)).build();
        return call("kv", request, response -> {
            if (response.code() == NOT_FOUND) {
                return Optional.empty();
            }
            if (!response.isSuccessful()) {
                throw failure(response, Optional.of(new Rule("key", name, "write")));
            }
            return MAPPER.readValue(body(response).byteStream(), KEYS).stream().findFirst();
        });
    }

    /**
     * Runs operations as one transaction: all are done, or none.
     *
     * @return the answer, which has errors if nothing was done
     * @throws ConsulException if there was no such answer; without an HTTP status it is unknown whether they were done
     */
    public Txn.Answer transact(List<byte[]> operations) throws ConsulException {
        return transact("txn", operations);
    }

    /** The same, observed as a kind of its own. */
    Txn.Answer transact(String kind, List<byte[]> operations) throws ConsulException {
        Request request = new Request.Builder()
                .url(url("txn").build())
                .put(RequestBody.create(array(operations), JSON))
                .build();
        return call(kind, request, response -> {
            if (response.isSuccessful() || response.code() == CONFLICT) {
                return explained(MAPPER.readValue(body(response).byteStream(), ANSWER), operations);
            }
            throw failure(response);
        });
    }

    /** With the rule that is missing, where one is: old versions of Consul don't say which. */
    private static Txn.Answer explained(Txn.Answer answer, List<byte[]> operations) {
        List<Txn.Failure> errors = answer.errors().stream()
                .map(failure -> new Txn.Failure(
                        failure.operation(), Rule.explained(failure.what(), ruleFor(failure, operations))))
                .toList();
        return new Txn.Answer(answer.results(), errors);
    }

    private static Optional<Rule> ruleFor(Txn.Failure failure, List<byte[]> operations) {
        boolean known = failure.operation() >= 0 && failure.operation() < operations.size();
        return known ? Rule.forOperation(operations.get(failure.operation())) : Optional.empty();
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
        return url(settings.datacenter(), segments);
    }

    private HttpUrl.Builder url(Optional<String> datacenter, String... segments) {
        HttpUrl.Builder url = HttpUrl.get(settings.address()).newBuilder().addPathSegment("v1");
        for (String segment : segments) {
            url.addPathSegment(segment);
        }
        datacenter.ifPresent(dc -> url.addQueryParameter("dc", dc));
        return url;
    }

    private <V> V get(String kind, HttpUrl url, TypeReference<V> type) throws ConsulException {
        return getUnless(NO_INDEX, kind, url, type).orElseThrow().value();
    }

    private <V> Optional<Indexed<V>> getUnless(long known, String kind, HttpUrl url, TypeReference<V> type)
            throws ConsulException {
        return call(kind, get(consistent(url)), response -> unlessKnown(known, response, type));
    }

    private static Request get(HttpUrl url) {
        return new Request.Builder().url(url).build();
    }

    private static HttpUrl consistent(HttpUrl url) {
        return url.newBuilder().addQueryParameter("consistent", "").build();
    }

    /** Reading what is known already would be most of the work of an idle daemon: its index tells without. */
    private <V> Optional<Indexed<V>> unlessKnown(long known, Response response, TypeReference<V> type)
            throws IOException {
        if (!response.isSuccessful()) {
            throw failure(response);
        }
        long index = Long.parseLong(response.header("X-Consul-Index", "0"));
        if (index == known) {
            return Optional.empty();
        }
        return Optional.of(new Indexed<>(MAPPER.readValue(body(response).byteStream(), type), index));
    }

    @FunctionalInterface
    private interface Handler<V> {
        V handle(Response response) throws IOException;
    }

    private <V> V call(String kind, Request request, Handler<V> handler) throws ConsulException {
        long start = System.nanoTime();
        int[] status = {ConsulException.NO_ANSWER};
        try {
            return send(client.newCall(request), response -> {
                V value = handler.handle(response);
                // What a handler takes is an answer, whatever its code, such as the 401 of a Consul without ACLs.
                status[0] = response.code() == CONFLICT ? CONFLICT : OK;
                return value;
            });
        } catch (ConsulException e) {
            status[0] = e.status();
            throw e;
        } finally {
            observer.observed(kind, status[0], (System.nanoTime() - start) / 1e9);
        }
    }

    /** Without being observed: how long a blocking query takes says nothing of Consul. */
    private <V> V send(Call call, Handler<V> handler) throws ConsulException {
        try (Response response = call.execute()) {
            return handler.handle(response);
        } catch (ConsulException e) {
            throw e;
        } catch (IOException e) {
            throw new ConsulException(
                    settings + " does not answer: " + e.getClass().getSimpleName() + ": " + e.getMessage(), e);
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
        return failure(response, Optional.empty());
    }

    private ConsulException failure(Response response, Optional<Rule> needed) throws IOException {
        String text =
                withoutToken(response, response.peekBody(LONGEST_ERROR).string().strip());
        ConsulException plain = new ConsulException(response.code(), text);
        String why = plain.tokenIsUnknown()
                ? text + "; Consul does not know the " + tokens.origin() + ", or no longer"
                : Rule.explained(text, needed);
        return new ConsulException(
                response.code(),
                settings + " answered " + response.code() + " to "
                        + response.request().method() + " "
                        + response.request().url().encodedPath() + ": " + why);
    }

    /** Something between Consul and us may repeat what it was sent. */
    private static String withoutToken(Response response, String text) {
        String token = response.request().header(TOKEN_HEADER);
        return Printable.of(token == null ? text : text.replace(token, "…"), LONGEST_ERROR);
    }

    @Override
    public void close() {
        tokens.close();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
