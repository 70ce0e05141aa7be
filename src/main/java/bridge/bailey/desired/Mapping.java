package bridge.bailey.desired;

import java.util.List;

/** Turns what a source knows of one service key into what a target should hold for it. Pure and total. */
@FunctionalInterface
public interface Mapping<S, T> {
    Desired<T> desired(S source);

    /** Of a service key that the source knows nothing of. */
    default Desired<T> absent() {
        return Desired.unwanted(List.of(), "there is no such service");
    }
}
