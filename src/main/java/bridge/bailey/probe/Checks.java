package bridge.bailey.probe;

import bridge.bailey.model.Probe;
import bridge.bailey.model.ProbeTarget;
import io.vertx.core.Future;

/** Performs single probes. All of it is called on one thread, and answers there. */
interface Checks {

    /** From now on there may be one more such probe; what it needs is kept until it is released. */
    void retain(Probe probe);

    void release(Probe probe);

    /** Probes once. Never fails, and takes no longer than the probe's time-out. */
    Future<Outcome> run(ProbeTarget target, Probe probe);

    void close();
}
