package bridge.bailey.check;

import bridge.bailey.consul.ConsulAgent;
import bridge.bailey.consul.ConsulException;
import bridge.bailey.consul.ConsulHttp;
import java.time.InstantSource;
import java.util.Optional;

/** Whether Consul answers, has a leader, is not too old, and whose clock it goes by. */
final class ConsulServer implements Check {

    /** The oldest that Bailey is tested with. */
    private static final int OLDEST_MAJOR = 1;

    private static final int OLDEST_MINOR = 8;

    private final ConsulHttp consul;
    private final ConsulAgent agent;
    private final String name;
    private final InstantSource clock;

    /**
     * Makes the check.
     *
     * @param name how Consul is called in messages
     */
    ConsulServer(ConsulHttp consul, ConsulAgent agent, String name, InstantSource clock) {
        this.consul = consul;
        this.agent = agent;
        this.name = name;
        this.clock = clock;
    }

    @Override
    public String area() {
        return "Consul";
    }

    @Override
    public void look(Report report) {
        ConsulHttp.Leader leader;
        try {
            leader = consul.leader();
        } catch (ConsulException e) {
            report.fail(
                    name,
                    e.getMessage(),
                    "curl \"$CONSUL_HTTP_ADDR/v1/status/leader\"  # from here, with the same variables");
            return;
        }
        report.ok(name, "answers");
        if (leader.address().isEmpty()) {
            report.fail(
                    "leader of Consul's servers",
                    "there is none: nothing can be written",
                    "consul operator raft list-peers");
        } else {
            report.ok("leader of Consul's servers", leader.address());
        }
        version(report, agent.describe());
        ClockSkew.report(report, "Consul", leader.date(), clock.instant());
    }

    private static void version(Report report, Optional<ConsulAgent.Description> description) {
        if (description.isEmpty()) {
            report.ok("version of Consul", "not told to this token, which lacks agent:read; Bailey does not need it");
            return;
        }
        String version = description.get().version();
        if (isTooOld(version)) {
            report.warn(
                    "version of Consul",
                    version + " is older than 1.8, with which Bailey was never tested",
                    "upgrade Consul to 1.8 or newer");
        } else {
            report.ok(
                    "version of Consul",
                    version + ", datacenter " + description.get().datacenter());
        }
    }

    static boolean isTooOld(String version) {
        String[] parts = version.split("[.+-]", -1);
        try {
            int major = Integer.parseInt(parts[0]);
            return major < OLDEST_MAJOR
                    || (major == OLDEST_MAJOR && parts.length > 1 && Integer.parseInt(parts[1]) < OLDEST_MINOR);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
