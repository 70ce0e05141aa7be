package bridge.bailey.target;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.model.EndpointPort;
import bridge.bailey.model.MirrorEndpoint;
import bridge.bailey.model.Protocol;
import bridge.bailey.model.Readiness;
import bridge.bailey.model.ServiceKey;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RefusedEndpointsTest {

    private static final List<MirrorEndpoint> ENDPOINTS = Stream.of(
                    "10.20.0.1", "10.20.0.12", "2001:db8::1", "2001:db8::12")
            .map(address -> new MirrorEndpoint(
                    new ServiceKey("shop", "billing"),
                    "billing",
                    address,
                    List.of(new EndpointPort("http", 8080, Protocol.TCP, "")),
                    Readiness.READY,
                    "",
                    ""))
            .toList();

    private static List<String> refused(String message, String... fields) {
        return RefusedEndpoints.in(Refusals.invalid(message, List.of(fields)), ENDPOINTS).stream()
                .map(MirrorEndpoint::address)
                .toList();
    }

    @Test
    void theFieldsSayWhich() {
        assertThat(refused(
                        "EndpointSlice is invalid",
                        "endpoints[3].addresses[0]",
                        "endpoints[1].addresses[0]",
                        "endpoints[1].zone"))
                .containsExactly("10.20.0.12", "2001:db8::12");
    }

    @Test
    void aFieldOfTheSliceAsAWholeAndAnIndexThatIsNoneSayNothing() {
        assertThat(refused("EndpointSlice is invalid", "metadata.labels", "endpoints[4].addresses[0]"))
                .isEmpty();
    }

    /** So do admission plugins, which name no fields. */
    @Test
    void withoutFieldsTheAddressesInTheMessageSayWhich() {
        assertThat(refused("denied: 10.20.0.12 and 2001:db8::1 are not allowed"))
                .containsExactly("10.20.0.12", "2001:db8::1");
        assertThat(refused("address 10.20.0.1.")).containsExactly("10.20.0.1");
        assertThat(refused("address \"10.20.0.1\":8080")).containsExactly("10.20.0.1");
    }

    @Test
    void anAddressIsNotNamedByALongerOne() {
        assertThat(refused("denied: 10.20.0.123, 110.20.0.1, 10.20.0.1.5 and 2001:db8::1:2"))
                .isEmpty();
    }

    @Test
    void aFailureWithoutDetailsIsReadByItsMessage() {
        assertThat(RefusedEndpoints.in(Refusals.of(403, "endpoint 10.20.0.1 is forbidden"), ENDPOINTS))
                .extracting(MirrorEndpoint::address)
                .containsExactly("10.20.0.1");
        assertThat(RefusedEndpoints.in(Refusals.of(403, "forbidden"), ENDPOINTS))
                .isEmpty();
    }
}
