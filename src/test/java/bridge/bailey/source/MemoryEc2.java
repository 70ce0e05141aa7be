package bridge.bailey.source;

import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An EC2 that answers each query as it is told. */
final class MemoryEc2 implements Ec2Api {

    private final Map<Ec2Query, Supply> supplies = new ConcurrentHashMap<>();
    private final Map<Ec2Query, AtomicInteger> calls = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Answers, or fails. */
    interface Supply {
        List<Ec2Instance> get() throws Ec2Exception;
    }

    void answer(Ec2Query query, Supply supply) {
        supplies.put(query, supply);
    }

    void answer(Ec2Query query, List<Ec2Instance> instances) {
        answer(query, () -> instances);
    }

    void fail(Ec2Query query, String error) {
        answer(query, () -> {
            throw new Ec2Exception(error);
        });
    }

    int calls(Ec2Query query) {
        return calls.computeIfAbsent(query, q -> new AtomicInteger()).get();
    }

    boolean closed() {
        return closed;
    }

    @Override
    public List<Ec2Instance> instances(Ec2Query query) throws Ec2Exception {
        calls.computeIfAbsent(query, q -> new AtomicInteger()).incrementAndGet();
        return supplies.getOrDefault(query, List::of).get();
    }

    @Override
    public void close() {
        closed = true;
    }
}
