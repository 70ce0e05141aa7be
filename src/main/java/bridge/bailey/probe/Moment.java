package bridge.bailey.probe;

import java.time.Instant;

/** Now, by the monotonic clock that times probes, and by the one that people read. */
record Moment(long nanos, Instant at) {}
