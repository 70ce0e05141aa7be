package bridge.bailey.lead;

import java.util.Optional;
import java.util.Set;

/** Whether this Bailey is the one that writes. For any thread. */
public interface Leadership extends AutoCloseable {

    /**
     * The term in which this Bailey leads; empty if it does not. It ends when another one has taken over, not when we merely
     * can't renew it: until then nobody else writes, and where Consul is concerned, the fence tells.
     */
    Optional<String> term();

    /** Whether we lead, and have renewed that so lately that nobody else can have taken over. */
    boolean isFresh();

    /** Asks whether we lead at this moment. */
    boolean confirmed();

    /** Whether there is an election at all. */
    boolean elected();

    /** Who we are, in the election. */
    String identity();

    /** Who leads, as far as is known; empty if nobody does. */
    Optional<String> leader();

    /** The Lease, by which operators are told and tell; empty if there is none, or it was not read yet. */
    Optional<Where> lease();

    /** An object in the cluster. */
    record Where(String namespace, String name, String uid) {}

    /** Asks of which flows the leader withholds something, or the last one did; none if that can't be had. */
    Set<String> withheld();

    /** Begins; {@code changed} is told when we begin or cease to lead, and must be quick. */
    void start(Runnable changed);

    /** Gives up the lead, so that another one can take over at once. */
    @Override
    void close();
}
