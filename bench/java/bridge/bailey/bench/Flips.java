package bridge.bailey.bench;

import bridge.bailey.model.CatalogEntry;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** Flips a readiness, and takes the times. */
final class Flips implements AutoCloseable {

    private static final String SLICES =
            "/apis/discovery.k8s.io/v1/namespaces/" + Estate.NAMESPACE + "/endpointslices/";
    private static final String FLOOR = "floor";

    /** What a time is measured from. */
    enum Since {
        /** The update is about to be sent to the API: includes the API's own work. */
        SENT("sent"),
        /** The API has told another watcher than Bailey. */
        EVENT("event"),
        /** The API has answered the update. */
        ACKNOWLEDGED("acknowledged"),
        /** The bare transaction is about to be sent. */
        FLOOR("floor"),
        /** A timer of as long as Bailey waits for more changes is about to start, and then the bare transaction. */
        WAIT("wait");

        private final String text;

        Since(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    private final KubernetesClient client;
    private final RawConsul http;
    private final Duration coalescing;
    private final Dns dns;
    private final Dns floorDns;
    private final Raw raw = new Raw(FLOOR);
    private final CatalogEntry bare;
    private final Witness witness = new Witness();
    private final Watch watch;

    /**
     * Makes the floor's entries.
     *
     * @param coalescing how long Bailey waits for more changes
     * @param entries those of the service that flips
     */
    Flips(KubernetesClient client, RawConsul http, int dnsPort, Duration coalescing, List<CatalogEntry> entries) {
        this.client = client;
        this.http = http;
        this.coalescing = coalescing;
        dns = new Dns(dnsPort, Estate.FLIPPING, Estate.FLIPPED_ADDRESS);
        floorDns = new Dns(dnsPort, FLOOR, Estate.FLIPPED_ADDRESS);
        List<CatalogEntry> own = entries.stream().map(Flips::renamed).toList();
        bare = own.stream()
                .filter(e -> e.address().equals(Estate.FLIPPED_ADDRESS))
                .findFirst()
                .orElseThrow();
        http.put("txn", raw.makeNode());
        raw.transactions(own, http.maxOperations()).forEach(body -> http.put("txn", body));
        watch = client.resource(Estate.flipping(true)).watch(witness);
    }

    private static CatalogEntry renamed(CatalogEntry e) {
        return new CatalogEntry(
                e.key(), e.id(), FLOOR, e.address(), e.port(), e.tags(), e.meta(), e.weight(), e.check(), e.node());
    }

    /** Makes so many flips of each kind, alternating; all times in ms. */
    Map<Since, List<Double>> times(int flips) {
        Map<Since, List<Double>> times = new EnumMap<>(Since.class);
        for (Since since : Since.values()) {
            times.put(since, new ArrayList<>());
        }
        // An even number, so that the endpoint is ready in the end.
        for (int i = 0; i < (flips + 1) / 2; i++) {
            for (boolean ready : new boolean[] {false, true}) {
                times.get(Since.FLOOR).add(byTransaction(ready, Duration.ZERO));
                byBailey(ready, times);
            }
            for (boolean ready : new boolean[] {false, true}) {
                times.get(Since.WAIT).add(byTransaction(ready, coalescing));
            }
        }
        return times;
    }

    private double byTransaction(boolean ready, Duration wait) {
        byte[] body = raw.setCheck(bare, ready);
        long start = System.nanoTime();
        awaitNanos(wait.toNanos());
        http.put("txn", body);
        floorDns.await(ready);
        return millis(start, System.nanoTime());
    }

    /** Waits as Bailey's loop does. */
    private static void awaitNanos(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void byBailey(boolean ready, Map<Since, List<Double>> times) {
        EndpointSlice slice = Estate.flipping(ready);
        String path = SLICES + slice.getMetadata().getName();
        String body = Serialization.asJson(slice);
        long sent = System.nanoTime();
        client.raw(path, "PUT", body);
        long acknowledged = System.nanoTime();
        dns.await(ready);
        long visible = System.nanoTime();
        times.get(Since.SENT).add(millis(sent, visible));
        times.get(Since.EVENT).add(millis(witness.eventAfter(sent).orElse(acknowledged), visible));
        times.get(Since.ACKNOWLEDGED).add(millis(acknowledged, visible));
    }

    private static double millis(long from, long until) {
        return (until - from) / 1e6;
    }

    @Override
    public void close() {
        watch.close();
        dns.close();
        floorDns.close();
    }

    /** Sees the API's events as Bailey does. */
    private static final class Witness implements Watcher<EndpointSlice> {

        private volatile long lastEvent;

        /** Empty if the witness, which waits for a processor as well, has not yet heard of it. */
        OptionalLong eventAfter(long time) {
            long event = lastEvent;
            return event >= time ? OptionalLong.of(event) : OptionalLong.empty();
        }

        @Override
        public void eventReceived(Action action, EndpointSlice resource) {
            lastEvent = System.nanoTime();
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new IllegalStateException("the watch ended", cause);
        }
    }
}
