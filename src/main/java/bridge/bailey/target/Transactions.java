package bridge.bailey.target;

import bridge.bailey.consul.Catalog;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.FencedException;
import bridge.bailey.consul.Rule;
import bridge.bailey.consul.Txn;
import bridge.bailey.consul.Writes;
import bridge.bailey.target.Outcome.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends units to Consul in as few transactions as its limits allow. A transaction fails whole; then the units that Consul
 * names are set aside and the rest is sent again, so that a bad one blocks no other.
 */
final class Transactions {

    /** What newer servers allow; older ones refuse it and say what they allow, which holds from then on. */
    private static final int MOST_OPERATIONS = 128;

    /** Consul's limit is 512 KiB, far above which it drops the connection. */
    private static final int MOST_BYTES = 500 * 1024;

    private static final Pattern TOO_MANY = Pattern.compile("too many operations \\(\\d+ > (\\d+)\\)");
    private static final int PAYLOAD_TOO_LARGE = 413;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY_REQUESTS = 429;

    private final Writes consul;
    private final ExecutorService senders;
    private volatile int maxOperations;
    private volatile int maxBytes = MOST_BYTES;

    /**
     * Makes a sender.
     *
     * @param senders runs the requests; as many transactions are in flight as it has threads
     * @param maxOperations of a transaction; empty to find out
     */
    Transactions(Writes consul, ExecutorService senders, OptionalInt maxOperations) {
        this.consul = consul;
        this.senders = senders;
        this.maxOperations = maxOperations.orElse(MOST_OPERATIONS) - consul.added();
    }

    /**
     * What became of a unit. The indexes are those of the written service and check, 0 if they were not written; the node
     * is empty if it was not written.
     */
    record Done(Unit unit, Kind kind, String message, long serviceIndex, long checkIndex, Optional<Catalog.Node> node) {

        static Done failed(Unit unit, Kind kind, String message) {
            return new Done(unit, kind, message, 0, 0, Optional.empty());
        }

        static Done nothingToDo(Unit unit) {
            return new Done(unit, Kind.APPLIED, "", 0, 0, Optional.empty());
        }
    }

    /** Sends all units, several transactions at a time; in order only within a transaction. */
    List<Done> send(List<Unit> units) {
        List<List<Unit>> batches = Unit.pack(units, maxOperations, maxBytes);
        if (batches.size() <= 1) {
            return batches.isEmpty() ? List.of() : sendBatch(batches.get(0));
        }
        List<Future<List<Done>>> futures = new ArrayList<>();
        for (List<Unit> batch : batches) {
            futures.add(senders.submit(() -> sendWithinLimits(batch)));
        }
        List<Done> all = new ArrayList<>(units.size());
        for (int i = 0; i < futures.size(); i++) {
            List<Unit> batch = batches.get(i);
            all.addAll(Futures.await(futures.get(i), failure -> batch.stream()
                    .map(unit -> Done.failed(unit, Kind.UNAVAILABLE, failure))
                    .toList()));
        }
        return all;
    }

    /** A batch that was packed before the server told its limit is packed again, rather than refused as a whole. */
    private List<Done> sendWithinLimits(List<Unit> batch) {
        List<Done> done = new ArrayList<>();
        Unit.pack(batch, maxOperations, maxBytes).forEach(part -> done.addAll(sendBatch(part)));
        return done;
    }

    private List<Done> sendBatch(List<Unit> batch) {
        List<Done> done = new ArrayList<>();
        List<Unit> rest = batch;
        while (!rest.isEmpty()) {
            List<byte[]> operations =
                    rest.stream().flatMap(u -> u.operations().stream()).toList();
            Txn.Answer answer;
            try {
                answer = consul.transact(operations);
            } catch (ConsulException e) {
                done.addAll(failed(rest, e));
                return done;
            }
            if (answer.errors().isEmpty()) {
                done.addAll(applied(rest, answer));
                return done;
            }
            rest = setAside(rest, answer, done);
        }
        return done;
    }

    /** Moves the units that failed to {@code done}; returns the others, which Consul has not touched. */
    private static List<Unit> setAside(List<Unit> units, Txn.Answer answer, List<Done> done) {
        Map<Integer, String> failures = new HashMap<>();
        answer.errors().forEach(f -> failures.putIfAbsent(f.operation(), f.what()));
        List<Unit> others = new ArrayList<>();
        int operation = 0;
        for (Unit unit : units) {
            String message = null;
            for (int i = 0; i < unit.operations().size(); i++) {
                String what = failures.get(operation++);
                message = message == null ? what : message;
            }
            if (message == null) {
                others.add(unit);
            } else {
                done.add(Done.failed(unit, kindOf(message), message));
            }
        }
        if (others.size() == units.size()) {
            // An error that names none of our operations: nothing more can be said, and nothing was done.
            String what = answer.errors().get(0).what();
            others.forEach(unit -> done.add(Done.failed(unit, Kind.REFUSED, what)));
            return List.of();
        }
        return others;
    }

    /** What an operation's error means. */
    static Kind kindOf(String message) {
        if (message.contains("index is stale")
                || message.contains("Missing node")
                || message.contains("Missing service")) {
            return Kind.CONFLICT;
        }
        return Rule.isMissingBy(message) ? Kind.FORBIDDEN : Kind.REFUSED;
    }

    private static List<Done> applied(List<Unit> units, Txn.Answer answer) {
        Map<String, Long> services = new HashMap<>();
        Map<String, Long> checks = new HashMap<>();
        Map<String, Catalog.Node> nodes = new HashMap<>();
        for (Txn.Result result : answer.results()) {
            if (result.service() != null) {
                services.put(result.service().id(), result.service().modifyIndex());
            }
            if (result.check() != null) {
                checks.put(result.check().id(), result.check().modifyIndex());
            }
            if (result.node() != null) {
                nodes.put(ExternalReader.key(result.node().name()), result.node());
            }
        }
        return units.stream()
                .map(unit -> new Done(
                        unit,
                        Kind.APPLIED,
                        "",
                        services.getOrDefault(unit.change().id(), 0L),
                        checks.getOrDefault(unit.change().item().checkId(), 0L),
                        unit.node().map(node -> nodes.get(node.name()))))
                .toList();
    }

    /** The whole request failed: smaller ones may tell which unit is at fault. */
    private List<Done> failed(List<Unit> units, ConsulException e) {
        Kind kind = kindOf(e);
        if (kind != Kind.REFUSED || units.size() == 1) {
            return units.stream()
                    .map(unit -> Done.failed(unit, kind, e.getMessage()))
                    .toList();
        }
        if (e.status() == PAYLOAD_TOO_LARGE) {
            learnLimit(units, e.getMessage());
        }
        List<Done> done = new ArrayList<>();
        List<List<Unit>> smaller = Unit.pack(units, maxOperations, maxBytes);
        if (smaller.size() == 1) {
            int half = units.size() / 2;
            smaller = List.of(units.subList(0, half), units.subList(half, units.size()));
        }
        smaller.forEach(batch -> done.addAll(sendBatch(batch)));
        return done;
    }

    private void learnLimit(List<Unit> units, String message) {
        Matcher tooMany = TOO_MANY.matcher(message);
        if (tooMany.find()) {
            maxOperations = Math.min(maxOperations, Integer.parseInt(tooMany.group(1)) - consul.added());
        } else {
            int bytes = units.stream().mapToInt(Unit::size).sum();
            maxBytes = Math.min(maxBytes, Math.max(1024, bytes / 2));
        }
    }

    /** What the failure of a whole request means. */
    static Kind kindOf(ConsulException e) {
        int status = e.status();
        if (e instanceof FencedException) {
            return Kind.FENCED;
        }
        if (e.tokenIsUnknown()) {
            return Kind.UNAVAILABLE;
        }
        if (status == FORBIDDEN) {
            return Kind.FORBIDDEN;
        }
        return status < 400 || status >= 500 || status == TOO_MANY_REQUESTS ? Kind.UNAVAILABLE : Kind.REFUSED;
    }
}
