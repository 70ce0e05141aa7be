package bridge.bailey.cli;

import io.quarkus.runtime.Quarkus;
import java.util.concurrent.Callable;
import org.jboss.logging.Logger;
import picocli.CommandLine.Command;

/** Runs the bridge until it is told to stop. */
@Command(
        name = "run",
        description = "Runs the bridge: keeps Consul equal to what the cluster serves, until it is told to stop.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = Logger.getLogger("bridge.bailey");

    private final Daemon daemon;

    RunCommand(Daemon daemon) {
        this.daemon = daemon;
    }

    @Override
    public Integer call() {
        LOG.infof(
                "Bailey %s (%s) bridges cluster \"%s\" at %s to %s, node \"%s\"",
                daemon.version().version(),
                daemon.version().revision(),
                daemon.settings().config().cluster(),
                daemon.kubernetes(),
                daemon.settings().consul(),
                daemon.settings().consulNode());
        daemon.flows().all().stream()
                .filter(flow -> !flow.enabled())
                .forEach(flow -> LOG.warnf("%s is not enabled: what it wrote before stays as it is", flow.name()));
        daemon.start();
        Quarkus.waitForExit();
        daemon.stopping();
        return 0;
    }
}
