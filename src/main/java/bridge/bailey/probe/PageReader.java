package bridge.bailey.probe;

import io.vertx.core.Future;
import java.util.OptionalDouble;

/** Reads the metrics of a machine. */
interface PageReader {

    /**
     * What was found.
     *
     * @param open the sum of the gauge's samples; empty if the page does not tell it
     * @param error why it does not, or ""
     */
    record Found(OptionalDouble open, String error) {
        static Found of(double open) {
            return new Found(OptionalDouble.of(open), "");
        }

        static Found failed(String error) {
            return new Found(OptionalDouble.empty(), error);
        }
    }

    /** Reads a page once; never fails, and ends in time. On the event loop. */
    Future<Found> read(Connections.Page page);

    void close();
}
