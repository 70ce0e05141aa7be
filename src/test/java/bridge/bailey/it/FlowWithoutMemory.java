package bridge.bailey.it;

import bridge.bailey.consul.Backoff;
import bridge.bailey.desired.Desired;
import bridge.bailey.flow.Flow;
import bridge.bailey.flow.FlowLoop;
import bridge.bailey.flow.FlowObserver;
import bridge.bailey.model.CatalogEntry;
import bridge.bailey.plan.Guard;
import bridge.bailey.plan.GuardRules;
import bridge.bailey.source.MemorySource;
import bridge.bailey.target.MemoryTarget;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** A process of its own, started by a test: a flow whose source has no memory left. */
final class FlowWithoutMemory {

    private FlowWithoutMemory() {}

    public static void main(String[] arguments) throws InterruptedException {
        MemorySource<String> source = new MemorySource<>() {
            @Override
            public Snapshot<String> all() {
                throw new OutOfMemoryError("as the virtual machine would throw it");
            }
        };
        FlowLoop<String, CatalogEntry> loop = new FlowLoop<>(
                new Flow<>(
                        "to-consul",
                        source,
                        text -> Desired.unwanted(List.of(), text),
                        new MemoryTarget<>(Set.of()),
                        new Guard<>(GuardRules.OFF),
                        System::nanoTime),
                () -> true,
                new FlowLoop.Timing(Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(1)),
                new Backoff(1_000_000, 10_000_000, new Random(1)),
                System::nanoTime,
                InstantSource.system(),
                new FlowObserver() {});
        source.set(Map.of(), true);
        loop.start();
        // It is the flow that ends the process, or nothing.
        new CountDownLatch(1).await();
    }
}
