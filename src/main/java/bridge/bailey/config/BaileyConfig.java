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

    /** How Consul is reached, beyond its standard environment variables. */
    interface Consul {

        /** The datacenter to write to; empty for that of the agent. */
        @Allowed("letters, digits, hyphens and underscores")
        Optional<String> datacenter();

        /** How many operations a transaction may have; {@code auto} finds out what the server allows. */
        @Allowed("auto, or a number from 3 to 128")
        @WithDefault("auto")
        String maxOps();

        /** How long Consul may take to answer. A server that restarts holds requests for up to 7s. */
        @Allowed("a duration from 1s to 5m")
        @WithDefault("10s")
        Duration requestTimeout();

        /** A file with the ACL token, read again when it changes; counts for more than CONSUL_HTTP_TOKEN_FILE. */
        @Allowed("the path of a readable file")
        Optional<Path> tokenFile();
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
