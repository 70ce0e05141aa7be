package bridge.bailey.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "10.20.0.11, 10.20.0.11",
        "0.0.0.0, 0.0.0.0",
        "2001:db8::1, 2001:db8::1",
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:1:0:0:0:1, 2001:db8:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "0001:0:0:0:0:0:0:0, 1::",
        "::, ::",
        "::ffff:10.0.0.1, ::ffff:a00:1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221"
    })
    void theSpellingIsCanonical(String text, String canonical) {
        assertThat(IpAddress.parse(text)).map(IpAddress::toString).hasValue(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "billing",
                "10.0.0",
                "10.0.0.0.1",
                "10.0.0.256",
                "010.0.0.1",
                "10.0.0.1 ",
                "10.0.0.+1",
                "1e1.0.0.1",
                ":",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "1:2:3:4:5:6:7:8::",
                "fe80::1%eth0",
                "12345::",
                "g::",
                "::10.0.0.256",
                "10.0.0.1::",
                "[::1]",
                "1:2:3:4:5:6:7:1.2.3.4"
            })
    void whatIsNoAddressIsNone(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, an unspecified address",
        "::, an unspecified address",
        "127.0.0.1, a loopback address",
        "127.9.9.9, a loopback address",
        "::1, a loopback address",
        "169.254.169.254, a link-local address",
        "fe80::1, a link-local address",
        "febf::1, a link-local address",
        "224.0.0.1, a multicast address",
        "239.255.255.255, a multicast address",
        "ff02::1, a multicast address",
        "240.0.0.1, a reserved or broadcast address",
        "255.255.255.255, a reserved or broadcast address",
        "::ffff:10.0.0.1, an IPv4 address in IPv6 spelling"
    })
    void whatCanBeNoEndpointIsTold(String text, String why) {
        assertThat(IpAddress.parse(text).orElseThrow().unusable()).hasValue(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.1", "128.0.0.1", "169.253.0.1", "223.255.255.255", "2001:db8::1", "fec0::1", "fd00::1"})
    void ordinaryAddressesAreFine(String text) {
        assertThat(IpAddress.parse(text).orElseThrow().unusable()).isEmpty();
    }

    @Test
    void familiesAreTold() {
        assertThat(IpAddress.parse("10.0.0.1").orElseThrow().family()).isEqualTo(IpFamily.IPV4);
        assertThat(IpAddress.parse("2001:db8::1").orElseThrow().family()).isEqualTo(IpFamily.IPV6);
    }

    @Property
    void anyAddressIsReadAsTheJdkReadsIt(@ForAll @Size(16) byte[] bytes) throws UnknownHostException {
        String text = IntStream.range(0, 8)
                .mapToObj(i -> Integer.toHexString((bytes[2 * i] & 0xff) * 256 + (bytes[2 * i + 1] & 0xff)))
                .collect(Collectors.joining(":"));
        IpAddress address = IpAddress.parse(text).orElseThrow();

        assertThat(InetAddress.getByName(address.toString())).isEqualTo(InetAddress.getByName(text));
        assertThat(IpAddress.parse(address.toString())).hasValue(address);
    }

    @Property
    void noTextMakesItFail(@ForAll String text) {
        IpAddress.parse(text).ifPresent(address -> assertThat(Arrays.asList(4, 8))
                .contains(address.groups().size()));
    }
}
