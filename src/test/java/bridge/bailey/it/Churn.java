package bridge.bailey.it;

import static bridge.bailey.it.Kube.notReady;
import static bridge.bailey.it.Kube.ready;
import static bridge.bailey.it.Kube.service;
import static bridge.bailey.it.Kube.slice;
import static bridge.bailey.it.LegacyKube.legacyService;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * A cluster in which something changes all the time, on a thread of its own: services scale, move, rename, go and come, and
 * so do declared machines. What it does follows from a seed.
 */
final class Churn implements AutoCloseable {

    private static final int SERVICES = 12;
    private static final int DECLARED = 4;

    private final Cluster cluster;
    private final String namespace;
    private final Random random;
    private final Thread thread = new Thread(this::run, "churn");
    private volatile boolean ended;
    private final AtomicLong changes = new AtomicLong();
    private volatile Throwable failure;

    Churn(Cluster cluster, String namespace, long seed) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.random = new Random(seed);
    }

    Churn start() {
        for (int i = 0; i < SERVICES; i++) {
            scale(i);
        }
        for (int i = 0; i < DECLARED; i++) {
            declare(i);
        }
        thread.start();
        return this;
    }

    /** How many changes there were. */
    long changes() {
        return changes.get();
    }

    private void run() {
        try {
            while (!ended) {
                change();
                changes.incrementAndGet();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private void change() {
        int number = random.nextInt(SERVICES);
        switch (random.nextInt(10)) {
            case 0 -> cluster.delete(service(namespace, name(number)));
            case 1 -> cluster.delete(slice(namespace, name(number) + "-1", name(number)));
            case 2 -> cluster.apply(service(namespace, name(number), Map.of("bailey.bridge/name", consulName(number))));
            case 3 -> declare(random.nextInt(DECLARED));
            default -> scale(number);
        }
    }

    private String consulName(int number) {
        return name(number) + "-" + random.nextInt(3);
    }

    private void scale(int number) {
        cluster.apply(service(namespace, name(number)));
        int first = 1 + random.nextInt(20);
        cluster.apply(slice(
                namespace,
                name(number) + "-1",
                name(number),
                IntStream.range(first, first + random.nextInt(30))
                        .mapToObj(i -> endpoint("10.1." + number + "." + i))
                        .toArray(Endpoint[]::new)));
    }

    private Endpoint endpoint(String address) {
        return random.nextInt(4) == 0 ? notReady(address) : ready(address);
    }

    private void declare(int number) {
        List<String> instances = IntStream.range(1, 2 + random.nextInt(8))
                .mapToObj(i -> "{address: 10.20." + number + "." + i + "}")
                .toList();
        cluster.apply(legacyService(
                namespace,
                "machines-" + number,
                "{ports: [{port: 80, targetPort: 8080}], origins: [{static: {instances: " + instances + "}}]}"));
    }

    private static String name(int number) {
        return "churned-" + number;
    }

    /** Ends it after the change that it is at. */
    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (failure != null) {
            throw new IllegalStateException("the churn ended by itself", failure);
        }
    }
}
