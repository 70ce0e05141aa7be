package bridge.bailey.local;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Ports on the loopback address. Those that are given lie below the range from which systems choose the ports of outgoing
 * connections (from 32768 on Linux): between the moment when one is given and that when a program listens on it, no client can
 * have got it by chance.
 */
public final class Ports {

    private static final int FIRST = 20_000;
    private static final int END = 32_768;
    private static final int MOST_TRIES = 10_000;

    private static final Random RANDOM = new Random();
    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    /** A port on which nothing listens, neither by TCP nor by UDP; none is given twice by one process. */
    public static synchronized int free() {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            int port = FIRST + RANDOM.nextInt(END - FIRST);
            if (!GIVEN.contains(port) && isFree(port) && isFreeByUdp(port)) {
                GIVEN.add(port);
                return port;
            }
        }
        throw new IllegalStateException("no port from " + FIRST + " to " + END + " is free");
    }

    /** Whether nothing listens on a port. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isFreeByUdp(int port) {
        try (DatagramSocket socket = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
