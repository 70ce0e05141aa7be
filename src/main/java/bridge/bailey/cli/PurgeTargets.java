package bridge.bailey.cli;

import bridge.bailey.config.Settings;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.Fence;
import bridge.bailey.lead.ClusterId;
import bridge.bailey.source.ClusterWatch;
import bridge.bailey.target.ConsulTarget;
import bridge.bailey.target.KubernetesTarget;
import bridge.bailey.target.OwnNodes;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What {@code purge} removes from: the targets without the flows that feed them. */
final class PurgeTargets implements AutoCloseable {

    private final Daemon daemon;
    private final long timeoutSeconds;
    private final ClusterWatch cluster;
    private final PurgeClaim claim;
    private final Fence fence;
    private final ConsulTarget consul;
    private final KubernetesTarget kubernetes;
    private final OwnNodes nodes;

    PurgeTargets(Daemon daemon, long timeoutSeconds) {
        this.daemon = daemon;
        this.timeoutSeconds = timeoutSeconds;
        Settings settings = daemon.settings();
        String name = settings.config().cluster();
        cluster = new ClusterWatch(daemon.client(), InstantSource.system());
        claim = new PurgeClaim(new ClusterId(daemon.client()));
        fence = new Fence(daemon.consul(), name, claim, InstantSource.system());
        consul = new ConsulTarget(
                daemon.consul(),
                fence,
                name,
                settings.consulNode(),
                settings.consul().maxOps());
        kubernetes = new KubernetesTarget(
                daemon.client(), cluster, () -> true, new SplittableRandom(), InstantSource.system());
        nodes = new OwnNodes(daemon.consul(), fence, name, settings.consulNode());
    }

    ConsulTarget consul() {
        return consul;
    }

    /** The cluster, once it is known what is in it. */
    KubernetesTarget kubernetes() throws InterruptedException {
        try {
            cluster.startMirrors().toCompletableFuture().get(timeoutSeconds, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            String why = cluster.mirrorParts().stream()
                    .flatMap(part -> part.error().stream().map(error -> part.name() + ": " + error))
                    .findFirst()
                    .orElse("no answer");
            throw new IllegalStateException(
                    "the API server at " + daemon.kubernetes() + " can't be read within " + timeoutSeconds + " s: "
                            + why,
                    e);
        }
        return kubernetes;
    }

    OwnNodes nodes() {
        return nodes;
    }

    /** The key in Consul by which a leader keeps others from writing, if it is there. */
    Optional<String> key() throws ConsulException {
        String key = Fence.key(daemon.settings().config().cluster());
        return daemon.consul().key(key).map(found -> key);
    }

    /** From now on it is written, and who else would write to Consul for this cluster is refused. */
    void begin() {
        claim.begin();
    }

    /** Removes the key, as the last thing of ours. */
    void removeKey() throws ConsulException {
        fence.remove();
    }

    @Override
    public void close() {
        consul.close();
        kubernetes.close();
        cluster.close();
    }
}
