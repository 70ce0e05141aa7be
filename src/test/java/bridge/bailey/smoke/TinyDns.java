package bridge.bailey.smoke;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A DNS server on loopback that answers with the addresses that a test says; by UDP with one of them, and that it was cut. */
final class TinyDns implements AutoCloseable {

    private final Map<String, List<String>> names = new ConcurrentHashMap<>();
    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private volatile int refusal = Rcode.NXDOMAIN;

    TinyDns() {
        try {
            tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::serveUdp);
        start(this::serveTcp);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "tiny-dns");
        thread.setDaemon(true);
        thread.start();
    }

    TinyDns name(String name, String... addresses) {
        names.put(name, List.of(addresses));
        return this;
    }

    /** What unknown names are answered with. */
    TinyDns refusing(int rcode) {
        refusal = rcode;
        return this;
    }

    String address() {
        return "127.0.0.1:" + tcp.getLocalPort();
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
                byte[] answer = answer(question, true);
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // Closed, or a question that can't be read.
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] answer = answer(in.readNBytes(in.readUnsignedShort()), false);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
            } catch (IOException e) {
                // Closed, or a question that can't be read.
            }
        }
    }

    private byte[] answer(byte[] wire, boolean cut) throws IOException {
        Message question = new Message(wire);
        Record asked = question.getQuestion();
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(asked, Section.QUESTION);
        List<String> addresses = names.get(asked.getName().toString(true));
        if (addresses == null) {
            answer.getHeader().setRcode(refusal);
        } else if (asked.getType() == Type.A) {
            for (String address : addresses.subList(0, cut ? Math.min(1, addresses.size()) : addresses.size())) {
                answer.addRecord(
                        new ARecord(asked.getName(), DClass.IN, 0, InetAddress.getByName(address)), Section.ANSWER);
            }
            if (cut && addresses.size() > 1) {
                answer.getHeader().setFlag(Flags.TC);
            }
        }
        return answer.toWire();
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
