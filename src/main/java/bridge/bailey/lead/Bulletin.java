package bridge.bailey.lead;

import java.util.Set;

/**
 * What is pinned to the Lease for operators, and for the next leader. Flows are named as in metrics.
 *
 * <ul>
 *   <li>{@link #WITHHELD} says of which flows the deletion guard withholds something, so that a restart lets nothing go.
 *   <li>{@link #RELEASE} is an operator's word: {@code kubectl annotate lease bailey bailey.bridge/release=to-consul}. The
 *       leader takes it off when it has heard it, which is not before it knows what is withheld.
 * </ul>
 */
public interface Bulletin {

    /** The annotation that names the flows of which something is withheld. */
    String WITHHELD = "bailey.bridge/withheld";

    /** The annotation by which operators release what is withheld. */
    String RELEASE = "bailey.bridge/release";

    /** Of which flows something is withheld now. */
    Set<String> withheld();

    /** We begin to lead; of these flows something was withheld before. */
    void resume(Set<String> flows);

    /** Whether it is known what is withheld of a flow, so that a release would cover it; also of what is no flow. */
    boolean hasJudged(String flow);

    /** An operator releases what is withheld of these flows. */
    void release(Set<String> flows);
}
