package bridge.bailey.cli;

import java.util.Optional;

/** Whether a Bailey of this cluster runs, which would write again what is removed. */
@FunctionalInterface
interface RunningBailey {

    /** Who it is, and how it is stopped, in sentences; empty if there is none. */
    Optional<String> look() throws InterruptedException;
}
