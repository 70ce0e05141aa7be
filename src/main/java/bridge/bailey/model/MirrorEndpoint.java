package bridge.bailey.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One endpoint of a mirror.
 *
 * @param address an IP address in canonical spelling
 * @param ports sorted by name
 * @param zone or ""
 * @param flaws what others made of its slice, such as a label that is gone; "" if nothing
 */
public record MirrorEndpoint(
        ServiceKey key,
        String legacyService,
        String address,
        List<EndpointPort> ports,
        Readiness readiness,
        String zone,
        String flaws)
        implements MirrorItem {

    public MirrorEndpoint {
        ports = ports.stream()
                .sorted(Comparator.comparing(EndpointPort::name).thenComparing(EndpointPort::number))
                .toList();
    }

    @Override
    public String id() {
        return key + "/" + place();
    }

    @Override
    public String place() {
        return EndpointPort.place(address, ports);
    }

    @Override
    public String state() {
        return text(readiness) + (zone.isEmpty() ? "" : ", zone " + zone);
    }

    @Override
    public boolean leaving() {
        return readiness == Readiness.DRAINING || readiness == Readiness.STOPPED;
    }

    @Override
    public List<String> differences(Item successor) {
        if (!(successor instanceof MirrorEndpoint next)) {
            throw new IllegalArgumentException("not an endpoint of a mirror: " + successor);
        }
        List<String> all = new ArrayList<>();
        Differences.add(all, "", text(readiness), text(next.readiness));
        Differences.add(all, "ports", ports, next.ports);
        Differences.add(all, "zone", zone, next.zone);
        Differences.add(all, "legacy service", legacyService, next.legacyService);
        if (!flaws.isEmpty()) {
            all.add("mended: " + Printable.of(flaws));
        }
        return all;
    }

    private static String text(Readiness readiness) {
        return readiness.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
