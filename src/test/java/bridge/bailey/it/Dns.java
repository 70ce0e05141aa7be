package bridge.bailey.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** What a legacy host sees: a DNS client that asks Consul. */
final class Dns {

    private final SimpleResolver resolver;

    Dns(int port) {
        resolver = new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        resolver.setTimeout(Duration.ofSeconds(5));
        // Without EDNS Consul answers with three addresses of many, and does not say so.
        resolver.setEDNS(0, 4096, 0, List.of());
    }

    /** The IPv4 addresses of a service, sorted. */
    List<String> a(String service) {
        return ask(service, Type.A).stream()
                .filter(ARecord.class::isInstance)
                .map(r -> ((ARecord) r).getAddress().getHostAddress())
                .sorted()
                .toList();
    }

    /** The IPv6 addresses of a service, sorted. */
    List<String> aaaa(String service) {
        return ask(service, Type.AAAA).stream()
                .filter(AAAARecord.class::isInstance)
                .map(r -> ((AAAARecord) r).getAddress().getHostAddress())
                .sorted()
                .toList();
    }

    /** The host names to which a service's name leads, sorted. */
    List<String> cname(String service) {
        return ask(service, Type.A).stream()
                .filter(CNAMERecord.class::isInstance)
                .map(r -> ((CNAMERecord) r).getTarget().toString(true))
                .sorted()
                .toList();
    }

    /** The weights and ports of a service's SRV records as {@code weight:port}, sorted. */
    List<String> srv(String service) {
        return ask(service, Type.SRV).stream()
                .filter(SRVRecord.class::isInstance)
                .map(SRVRecord.class::cast)
                .map(r -> r.getWeight() + ":" + r.getPort())
                .sorted()
                .toList();
    }

    private List<Record> ask(String service, int type) {
        try {
            Record question = Record.newRecord(Name.fromString(service + ".service.consul."), type, DClass.IN);
            return resolver.send(Message.newQuery(question)).getSection(Section.ANSWER);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
