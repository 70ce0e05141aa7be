package bridge.bailey.source;

import bridge.bailey.model.Ec2Instance;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.Tag;

/** Reads one page of an answer. Every field of the SDK's types may be absent. */
final class Ec2Page {

    /** Those that serve; a pending instance does not yet, and a stopped or terminated one never again. */
    static final Set<InstanceStateName> STATES =
            Set.of(InstanceStateName.RUNNING, InstanceStateName.STOPPING, InstanceStateName.SHUTTING_DOWN);

    private Ec2Page() {}

    /** Hands over the instances that serve or drain, and can be reached. */
    static void read(DescribeInstancesResponse page, Consumer<Ec2Instance> found) {
        page.reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .filter(instance -> instance.instanceId() != null
                        && instance.state() != null
                        && STATES.contains(instance.state().name()))
                .map(Ec2Page::instance)
                .filter(Ec2Page::reachable)
                .forEach(found);
    }

    private static Ec2Instance instance(Instance instance) {
        return new Ec2Instance(
                instance.instanceId(),
                orNone(instance.privateIpAddress()),
                orNone(instance.publicIpAddress()),
                ipv6(instance),
                instance.placement() == null ? "" : orNone(instance.placement().availabilityZone()),
                instance.state().name() != InstanceStateName.RUNNING,
                tags(instance));
    }

    private static boolean reachable(Ec2Instance instance) {
        return !instance.privateAddress().isEmpty()
                || !instance.publicAddress().isEmpty()
                || !instance.ipv6Address().isEmpty();
    }

    /** The primary IPv6 address if EC2 names one, else the first of any interface. */
    private static String ipv6(Instance instance) {
        Stream<String> ofInterfaces = instance.networkInterfaces().stream()
                .map(InstanceNetworkInterface::ipv6Addresses)
                .flatMap(addresses -> addresses.stream().map(address -> orNone(address.ipv6Address())));
        return Stream.concat(Stream.of(orNone(instance.ipv6Address())), ofInterfaces)
                .filter(address -> !address.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static Map<String, String> tags(Instance instance) {
        return instance.tags().stream()
                .filter(tag -> tag.key() != null)
                .collect(Collectors.toMap(Tag::key, tag -> orNone(tag.value()), (first, second) -> first));
    }

    private static String orNone(String text) {
        return Optional.ofNullable(text).orElse("");
    }
}
