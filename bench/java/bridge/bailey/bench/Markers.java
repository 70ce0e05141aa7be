package bridge.bailey.bench;

import bridge.bailey.local.LocalConsul;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A small service whose one address counts: the time from when an event is sent until Consul itself tells of that address, or of
 * a later one, is the propagation. Consul is asked by blocking queries, which wake when the service changes.
 */
final class Markers implements AutoCloseable {

    private static final int SECOND_OCTET = 250;

    private final LocalConsul consul;
    private final String service;
    private final ConcurrentSkipListMap<Integer, Long> sent = new ConcurrentSkipListMap<>();
    private final List<Double> seconds = new ArrayList<>();
    private final Thread thread = new Thread(this::look, "marker");
    private volatile boolean ended;

    Markers(LocalConsul consul, String service) {
        this.consul = consul;
        this.service = service;
        thread.setDaemon(true);
        thread.start();
    }

    /** The address that stands for a number. */
    static String address(int number) {
        return "10.%d.%d.%d".formatted(SECOND_OCTET, number / 250, 1 + number % 250);
    }

    private static int number(String address) {
        String[] octets = address.split("\\.", -1);
        return Integer.parseInt(octets[2]) * 250 + Integer.parseInt(octets[3]) - 1;
    }

    /** The event of this number is about to be sent. */
    void sending(int number) {
        sent.put(number, System.nanoTime());
    }

    private void look() {
        long index = 0;
        while (!ended) {
            JsonNode found = consul.get("health/service/" + service + "?wait=1s&index=" + index);
            long now = System.nanoTime();
            index = 0;
            for (JsonNode instance : found) {
                JsonNode entry = instance.get("Service");
                index = Math.max(index, entry.get("ModifyIndex").asLong());
                seen(number(entry.get("Address").asText()), now);
            }
        }
    }

    private void seen(int number, long now) {
        var settled = sent.headMap(number, true);
        synchronized (seconds) {
            settled.values().forEach(at -> seconds.add((now - at) / 1e9));
        }
        settled.clear();
    }

    /** Those that took so long until now are counted as they are; then it begins anew. */
    List<Double> take() {
        long now = System.nanoTime();
        synchronized (seconds) {
            List<Double> all = new ArrayList<>(seconds);
            sent.values().forEach(at -> all.add((now - at) / 1e9));
            seconds.clear();
            return all;
        }
    }

    /** Whether Consul has told of everything that was sent. */
    boolean settled() {
        return sent.isEmpty();
    }

    @Override
    public void close() {
        ended = true;
    }
}
