package bridge.bailey.model;

import java.util.List;

/** One thing that a target holds for a service key. Equal items need no write. */
public interface Item {
    /** Identifies it in the target; stable over the life of the thing it stands for. */
    String id();

    /** The service key it belongs to. */
    ServiceKey key();

    /** The name under which the target's users find it. */
    String name();

    /** Where it is, such as {@code 10.0.0.1:80}. */
    String place();

    /** What it is like, in a few words. */
    String state();

    /** Whether it serves by itself, rather than being what others hang on, such as the Service of a mirror. */
    default boolean isInstance() {
        return true;
    }

    /** Whether its end was announced: it drains, so that nobody is surprised when it goes. */
    default boolean leaving() {
        return false;
    }

    /** The node of the cluster with which it would go, were that lost; "" if there is none, or it is not known. */
    default String sharedFate() {
        return "";
    }

    /** What differs between this item and its successor of the same id, in a few words each. */
    List<String> differences(Item successor);
}
