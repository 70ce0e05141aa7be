package bridge.bailey.desired;

/** Turns what a source knows of one service key into what a target should hold for it. Pure and total. */
@FunctionalInterface
public interface Mapping<S, T> {
    Desired<T> desired(S source);
}
