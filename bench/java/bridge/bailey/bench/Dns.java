package bridge.bailey.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** A legacy host that asks Consul over UDP for one service, again and again, until the answer has changed. */
final class Dns implements AutoCloseable {

    private static final int LARGEST_ANSWER = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Without a pause the questions would take the processor from what they wait for. */
    private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(250);

    private final DatagramSocket socket;
    private final byte[] question;
    private final byte[] record;
    private final DatagramPacket answer = new DatagramPacket(new byte[LARGEST_ANSWER], LARGEST_ANSWER);

    /**
     * Makes a client.
     *
     * @param address that the service has or has not
     */
    Dns(int port, String service, String address) {
        try {
            socket = new DatagramSocket();
            socket.connect(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            question = question(service);
            record = record(address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] question(String service) throws TextParseException {
        Name name = Name.fromString(service + ".service.consul.");
        return Message.newQuery(Record.newRecord(name, Type.A, DClass.IN)).toWire();
    }

    /** The end of an A record as it is in the answer: the length of an address, and the address. */
    private static byte[] record(String address) throws IOException {
        byte[] octets = InetAddress.getByName(address).getAddress();
        return new byte[] {0, 4, octets[0], octets[1], octets[2], octets[3]};
    }

    /** Asks until the service has the address or, if {@code there} is false, has it no more. */
    void await(boolean there) {
        Stopwatch watch = new Stopwatch();
        while (has() != there) {
            if (watch.millis() > PATIENCE.toMillis()) {
                throw new IllegalStateException("DNS did not change within " + PATIENCE);
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    private boolean has() {
        try {
            socket.send(new DatagramPacket(question, question.length));
            answer.setLength(LARGEST_ANSWER);
            socket.receive(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int from = question.length; from + record.length <= answer.getLength(); from++) {
            if (isRecordAt(from)) {
                return true;
            }
        }
        return false;
    }

    private boolean isRecordAt(int from) {
        for (int i = 0; i < record.length; i++) {
            if (answer.getData()[from + i] != record[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        socket.close();
    }
}
