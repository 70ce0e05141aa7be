package bridge.bailey.model;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A port of the Service, and the number on which an endpoint really listens.
 *
 * @param name equal to that of the Service's port, or nothing is routed; "" for none
 * @param appProtocol or ""
 */
public record EndpointPort(String name, int number, Protocol protocol, String appProtocol) {

    /** {@code address:port}, with each further port after a comma; IPv6 in brackets. */
    static String place(String address, List<EndpointPort> ports) {
        return place(address, ports.stream().mapToInt(EndpointPort::number));
    }

    /** The same of bare numbers. */
    public static String place(String address, IntStream ports) {
        String host = address.indexOf(':') >= 0 ? "[" + address + "]" : address;
        String numbers = ports.mapToObj(Integer::toString).collect(Collectors.joining(","));
        return numbers.isEmpty() ? host : host + ":" + numbers;
    }
}
