package bridge.bailey.smoke;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A DNS server that is asked with EDNS, and again by TCP where an answer was cut: by the client of Netty, since that of Vert.x
 * does neither, and would see 3 of many instances.
 */
final class DnsServer implements AutoCloseable {

    private static final Duration QUERY = Duration.ofSeconds(3);
    private static final int PAYLOAD = 4096;

    private final String address;
    private final EventLoopGroup threads = new NioEventLoopGroup(1);
    private final DnsNameResolver resolver;

    /**
     * Makes a client.
     *
     * @param address host and port, IPv6 in brackets
     */
    DnsServer(String address) {
        this.address = address;
        int colon = address.lastIndexOf(':');
        InetSocketAddress server = new InetSocketAddress(
                address.substring(0, colon).replaceAll("[\\[\\]]", ""), Integer.parseInt(address.substring(colon + 1)));
        this.resolver = new DnsNameResolverBuilder(threads.next())
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .nameServerProvider(new SingletonDnsServerAddressStreamProvider(server))
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                .queryTimeoutMillis(QUERY.toMillis())
                .maxPayloadSize(PAYLOAD)
                .build();
    }

    /** The addresses of a name, as {@link InetAddress#getHostAddress} writes them; none if the server knows no such name. */
    Set<String> addresses(String name) throws Failure, InterruptedException {
        Set<String> all = new TreeSet<>();
        all.addAll(ask(name, DnsRecordType.A));
        all.addAll(ask(name, DnsRecordType.AAAA));
        return all;
    }

    private Set<String> ask(String name, DnsRecordType type) throws Failure, InterruptedException {
        try {
            AddressedEnvelope<DnsResponse, InetSocketAddress> envelope =
                    resolver.query(new DefaultDnsQuestion(name + ".", type)).get();
            try {
                return read(name, type, envelope.content());
            } finally {
                envelope.release();
            }
        } catch (ExecutionException | UnknownHostException e) {
            throw Failure.passing("DNS " + address + " does not answer for " + name + " " + type.name());
        }
    }

    private Set<String> read(String name, DnsRecordType type, DnsResponse response)
            throws Failure, UnknownHostException {
        DnsResponseCode code = response.code();
        if (!code.equals(DnsResponseCode.NOERROR) && !code.equals(DnsResponseCode.NXDOMAIN)) {
            throw Failure.passing(
                    "DNS " + address + " answers " + code + " for " + name + ": does it ask Consul? See docs/dns.md");
        }
        Set<String> found = new TreeSet<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
            if (record.type().equals(type) && record instanceof DnsRawRecord raw) {
                ByteBuf content = raw.content();
                found.add(
                        InetAddress.getByAddress(ByteBufUtil.getBytes(content)).getHostAddress());
            }
        }
        return found;
    }

    @Override
    public void close() {
        resolver.close();
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
