package bridge.bailey.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Looks names of Consul up as the C library of a host does unless it is told otherwise: by UDP without EDNS, and again by TCP
 * if the answer says that it was cut.
 */
final class HostLookup {

    private final int port;
    private final int edns;

    HostLookup(int port) {
        this(port, -1);
    }

    /**
     * A host whose resolv.conf says {@code options edns0}, or a library of its own.
     *
     * @param edns how much it takes by UDP, in bytes
     */
    HostLookup(int port, int edns) {
        this.port = port;
        this.edns = edns;
    }

    /**
     * What it gets.
     *
     * @param status such as NOERROR
     * @param cut whether the answer by UDP says that it is not all
     * @param ttl of the first record, in seconds; -1 without any
     * @param records addresses, or {@code weight:port} of SRV records, sorted
     */
    record Answer(String status, boolean cut, long ttl, List<String> records) {}

    Answer a(String service) {
        return ask(service, Type.A, false);
    }

    Answer srv(String service) {
        return ask(service, Type.SRV, false);
    }

    /** As a client that does not know TCP. */
    Answer byUdpOnly(String service) {
        return ask(service, Type.A, true);
    }

    private Answer ask(String service, int type, boolean ignoreTruncation) {
        try {
            SimpleResolver resolver = new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            resolver.setTimeout(Duration.ofSeconds(5));
            resolver.setIgnoreTruncation(ignoreTruncation);
            if (edns < 0) {
                resolver.setEDNS(-1);
            } else {
                resolver.setEDNS(0, edns, 0, List.of());
            }
            Name name = Name.fromString(service + ".service.consul.");
            Message answer = resolver.send(Message.newQuery(Record.newRecord(name, type, DClass.IN)));
            List<Record> records = answer.getSection(Section.ANSWER);
            return new Answer(
                    Rcode.string(answer.getRcode()),
                    answer.getHeader().getFlag(Flags.TC),
                    records.isEmpty() ? -1 : records.get(0).getTTL(),
                    records.stream().map(HostLookup::text).sorted().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Record record) {
        if (record instanceof ARecord a) {
            return a.getAddress().getHostAddress();
        }
        return record instanceof SRVRecord srv ? srv.getWeight() + ":" + srv.getPort() : record.rdataToString();
    }
}
