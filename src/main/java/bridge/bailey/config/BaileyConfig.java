package bridge.bailey.config;

import bridge.bailey.desired.ExportRules;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Every key below {@code bailey}. The Javadoc of a method is the documentation of its key: docs/configuration.md is made
 * from it.
 */
@ConfigMapping(prefix = BaileyConfig.PREFIX)
public interface BaileyConfig {

    String PREFIX = "bailey";

    /**
     * The name of this cluster. It marks all that Bailey owns in Consul, so each cluster that feeds one Consul needs its
     * own. Changing it leaves the entries under the old name behind.
     */
    @Allowed("a DNS label: lower-case letters, digits and inner hyphens, at most 40 characters")
    String cluster();

    /** How often everything is compared with what Consul really holds, to repair drift. */
    @Allowed("a duration of at least 1s, such as 60s or 5m")
    @WithDefault("60s")
    Duration resync();

    /** For how long nothing must change before a pass begins, so that changes which come together are one pass. */
    @Allowed("a duration from 0ms to 10s, such as 20ms")
    @WithDefault("20ms")
    Duration quiet();

    /** How long a change waits at most, while others keep coming. */
    @Allowed("a duration, at least that of quiet, at most 60s")
    @WithDefault("200ms")
    Duration maxWait();

    /** Cluster → Consul. */
    Export export();

    /** Legacy → cluster. */
    Legacy legacy();

    /** Legacy instances in EC2. */
    Ec2 ec2();

    /** How legacy instances are probed, where a LegacyService does not say otherwise. */
    Probe probe();

    /** The view of both sides. */
    View view();

    /** When a cutover is said to be safe. */
    Verdict verdict();

    /** What keeps too much from vanishing at once. */
    Guard guard();

    /** Which of several replicas writes. */
    Leader leader();

    /** How Consul is reached, beyond its standard environment variables. */
    Consul consul();

    /** What is logged, and how. */
    Log log();

    /** Cluster → Consul. */
    interface Export {

        /** Whether services of the cluster are exported to Consul at all. */
        @WithDefault("true")
        boolean enabled();

        /** Whether a service without a {@code sync} annotation is exported. */
        @WithDefault("true")
        @WithName("default")
        boolean byDefault();

        /** The namespaces whose services are exported. */
        @Allowed("names, in which * stands for any characters and ? for one")
        @WithDefault("*")
        List<String> namespaces();

        /** The namespaces whose services are never exported; counts for more than {@code namespaces}. */
        @Allowed("names, in which * stands for any characters and ? for one; empty for none")
        @WithDefault("kube-system,kube-public,kube-node-lease")
        Optional<List<String>> denyNamespaces();

        /** The labels that a service must have to be exported; empty for any. */
        @Allowed("a label selector as kubectl -l takes it, such as app=users,tier in (web, api),!internal")
        Optional<String> selector();

        /** How a service without a {@code name} annotation is called in Consul. */
        @Allowed("text with {name} and, if wanted, {namespace}")
        @WithDefault("{name}")
        String namePattern();

        /** What stands before each name that comes from the pattern. */
        @Allowed("letters, digits and hyphens")
        Optional<String> prefix();

        /** The tags of every entry, besides those of the {@code tags} annotation. */
        @Allowed("words without blanks; empty for none")
        @WithDefault("k8s")
        Optional<List<String>> tags();

        /** Which families of addresses are registered; {@code primary} is the first one of each service. */
        @WithDefault("primary")
        ExportRules.IpFamilies ipFamily();

        /** Which address of a node stands for a NodePort. */
        @WithDefault("external-first")
        ExportRules.NodeAddress nodeAddress();

        /** Whether a LoadBalancer service is registered with its pods' addresses rather than its load balancer's. */
        @WithDefault("false")
        boolean loadBalancerEndpoints();

        /** Whether a service that an Ingress points at is registered with the address of that Ingress. */
        @WithDefault("false")
        boolean ingress();

        /** What is registered for an Ingress: the rule's host name, or the addresses of its load balancer. */
        @WithDefault("host")
        ExportRules.IngressAddresses ingressAddresses();

        /** Whether entries carry a check with the endpoint's readiness; without, only ready endpoints are registered. */
        @WithDefault("readiness")
        ExportRules.Checks checks();

        /** The name of the synthetic Consul node that holds the entries; {@code {cluster}} is the cluster's name. */
        @Allowed("letters, digits, hyphens and dots, at most 200 characters, and {cluster}")
        @WithDefault("k8s-{cluster}")
        String node();
    }

    /** Legacy → cluster. */
    interface Legacy {

        /** Whether legacy services get mirrors in the cluster at all. */
        @WithDefault("true")
        boolean enabled();

        /** Whether LegacyService resources are watched. */
        @WithDefault("true")
        boolean resources();

        /** The namespaces in which mirrors are made. */
        @Allowed("names, in which * stands for any characters and ? for one")
        @WithDefault("*")
        List<String> namespaces();

        /**
         * Whether loopback addresses are taken. A real API server refuses them, so this is for trying Bailey out on one
         * machine only.
         */
        @WithDefault("false")
        boolean allowLoopback();
    }

    /** Legacy instances in EC2. */
    interface Ec2 {

        /** Whether instances with a {@code bailey:service} tag are looked for. A LegacyService may name EC2 without this. */
        @WithDefault("false")
        boolean enabled();

        /** The regions that are asked; empty for the one that the AWS SDK finds (AWS_REGION, the profile, the machine). */
        @Allowed("names of regions, such as eu-central-1; empty for the SDK's own")
        Optional<List<String>> regions();

        /** What else tagged instances must match. */
        @Allowed("filters of DescribeInstances, such as vpc-id=vpc-0abc or tag:env=prod|staging; empty for none")
        Optional<List<String>> filters();

        /** How often EC2 is asked. */
        @Allowed("a duration of at least 1s, such as 30s")
        @WithDefault("30s")
        Duration refresh();

        /** The namespace of services for which no tag names one. */
        @Allowed("the name of a namespace")
        @WithDefault("default")
        String namespace();

        /** The roles to assume, one for each account; empty for Bailey's own credentials. */
        @Allowed("ARNs of IAM roles; empty for none")
        Optional<List<String>> roles();
    }

    /** How legacy instances are probed, where a LegacyService does not say otherwise. */
    interface Probe {

        /** The time between two probes of one instance. */
        @Allowed("a duration from 100ms to 1h, such as 10s")
        @WithDefault("10s")
        Duration interval();

        /** How long a probe may take; at most as long as the interval. */
        @Allowed("a duration from 10ms to 5m, at most that of interval")
        @WithDefault("2s")
        Duration timeout();

        /** Passes in a row until an instance is healthy. */
        @Allowed("a number from 1 to 100")
        @WithDefault("2")
        int rise();

        /** Failures in a row until an instance is unhealthy. */
        @Allowed("a number from 1 to 100")
        @WithDefault("3")
        int fall();

        /** What a new instance is taken for until its first verdict. */
        @WithDefault("unhealthy")
        Initially initially();

        /** How many probes may be under way at once; more wait for their turn. */
        @Allowed("a number from 1 to 10000")
        @WithDefault("512")
        int maxInFlight();

        /**
         * Where fewer of all instances than this are healthy, Bailey suspects its own path and keeps the last good
         * verdicts; 0% for never. A LegacyService sets its own by {@code failOpenBelow}; this is its default too.
         */
        @Allowed("a share from 0% to 100%")
        @WithDefault("30%")
        String failOpenBelow();

        /** What a new instance is taken for. */
        enum Initially {
            HEALTHY,
            UNHEALTHY
        }
    }

    /** The view of both sides. */
    interface View {

        /** How long a source may be away until what it told is called stale. */
        @Allowed("a duration from 1s to 1h")
        @WithDefault("60s")
        Duration staleAfter();
    }

    /** When a cutover is said to be safe. */
    interface Verdict {

        /** For how long the instances in Kubernetes must have been healthy, and must have served alone. */
        @Allowed("a duration from 0s to 7d")
        @WithDefault("10m")
        Duration window();

        /** For how long a caller may hold a DNS answer after machines went out of it. */
        @Allowed("a duration from 0s to 7d")
        @WithDefault("60s")
        Duration dnsTtl();
    }

    /** What keeps too much from vanishing at once. */
    interface Guard {

        /** Whether deletions are withheld if they are too many at once. */
        @WithDefault("true")
        boolean enabled();

        /** In which time losses add up. */
        @Allowed("a duration from 1s to 24h, such as 10m")
        @WithDefault("10m")
        Duration window();

        /** How much of all services, and of all instances, may vanish within the window. */
        @Allowed("a share from 0% to 100%")
        @WithDefault("30%")
        String maxShare();

        /** So many services, and so many instances, may vanish in any case. */
        @Allowed("a number of at least 0")
        @WithDefault("10")
        int floor();
    }

    /** Which of several replicas writes. */
    interface Leader {

        /** Whether the replicas elect one that writes. Without an election there must be one replica only. */
        @WithDefault("true")
        boolean enabled();

        /** The Lease by which they elect. */
        @Allowed("the name of an object in Kubernetes")
        @WithDefault("bailey")
        String leaseName();

        /** Where the Lease is; empty for the namespace that Bailey runs in. */
        @Allowed("the name of a namespace")
        Optional<String> namespace();

        /** For how long a leader that is silent is waited for. */
        @Allowed("a duration from 1s to 10m, in whole seconds")
        @WithDefault("15s")
        Duration leaseDuration();

        /** When a leader that can't renew ceases to write to the cluster. */
        @Allowed("a duration, less than that of lease-duration")
        @WithDefault("10s")
        Duration renewDeadline();

        /** How often the Lease is renewed, and looked at. */
        @Allowed("a duration of at least 100ms, less than that of renew-deadline")
        @WithDefault("2s")
        Duration retryPeriod();
    }

    /** How Consul is reached, beyond its standard environment variables. */
    interface Consul {

        /** The datacenter to write to; empty for that of the agent. */
        @Allowed("letters, digits, hyphens and underscores")
        Optional<String> datacenter();

        /** How many operations a transaction may have; {@code auto} finds out what the server allows. */
        @Allowed("auto, or a number from 4 to 128")
        @WithDefault("auto")
        String maxOps();

        /** How long Consul may take to answer. A server that restarts holds requests for up to 7s. */
        @Allowed("a duration from 1s to 5m")
        @WithDefault("10s")
        Duration requestTimeout();

        /** A file with the ACL token, read again when it changes; counts for more than CONSUL_HTTP_TOKEN_FILE. */
        @Allowed("the path of a readable file")
        Optional<Path> tokenFile();

        /** A token from Consul's login, instead of one that is given. */
        ConsulLogin login();
    }

    /** A token from Consul's login, instead of one that is given. */
    interface ConsulLogin {

        /**
         * The auth method of Consul by which Bailey logs in, and gets a token that is renewed as long as it runs; empty for
         * none. It excludes a token by {@code token-file}, CONSUL_HTTP_TOKEN_FILE or CONSUL_HTTP_TOKEN.
         */
        @Allowed(
                "the name of an auth method: letters, digits, hyphens and underscores, at most 128 characters; empty for none")
        Optional<String> authMethod();

        /** What proves to the auth method who Bailey is: read anew for each login. By default the pod's service account. */
        @Allowed("the path of a readable file")
        @WithDefault("/var/run/secrets/kubernetes.io/serviceaccount/token")
        Path bearerTokenFile();
    }

    /** What is logged, and how. */
    interface Log {

        /** Whether logs are JSON, one object a line. */
        @WithDefault("false")
        boolean json();

        /** How much is logged. */
        @WithDefault("info")
        Level level();

        /** The levels of the log, from the least to the most. */
        enum Level {
            ERROR,
            WARN,
            INFO,
            DEBUG,
            TRACE
        }
    }
}
