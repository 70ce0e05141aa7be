package bridge.bailey.web;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Tells the addresses by which a machine, or a pod, talks to itself. */
final class LoopbackAddress {

    private LoopbackAddress() {}

    /** Whether this is {@code localhost} or a literal loopback address; no name is looked up. */
    static boolean is(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return bytes != null && InetAddress.getByAddress(bytes).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
