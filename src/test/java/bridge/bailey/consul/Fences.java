package bridge.bailey.consul;

import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/** Fences without an election. */
public final class Fences {

    private Fences() {}

    /** The fence of a cluster's only Bailey. */
    public static Fence alone(ConsulHttp consul, String cluster) {
        String term = UUID.randomUUID().toString();
        return new Fence(
                consul,
                cluster,
                new Fence.Claimant() {
                    @Override
                    public Optional<String> term() {
                        return Optional.of(term);
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
                        return "test";
                    }

                    @Override
                    public Optional<String> clusterId() {
                        return Optional.empty();
                    }
                },
                InstantSource.system());
    }
}
