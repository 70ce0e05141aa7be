package bridge.bailey.lead;

import java.util.Optional;
import java.util.Set;

/** Without an election this Bailey always leads. */
public final class Alone implements Leadership {

    private final String identity;
    private final String term;

    /**
     * Makes it.
     *
     * @param start tells this process from others of that identity
     */
    public Alone(String identity, String start) {
        this.identity = identity;
        this.term = identity + "/" + start;
    }

    @Override
    public Optional<String> term() {
        return Optional.of(term);
    }

    @Override
    public boolean isFresh() {
        return true;
    }

    @Override
    public boolean confirmed() {
        return true;
    }

    @Override
    public boolean elected() {
        return false;
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public Optional<String> leader() {
        return Optional.of(identity);
    }

    @Override
    public Optional<Where> lease() {
        return Optional.empty();
    }

    @Override
    public Set<String> withheld() {
        return Set.of();
    }

    @Override
    public void start(Runnable changed) {}

    @Override
    public void close() {}
}
