package bridge.bailey.source;

import bridge.bailey.model.Ec2Instance;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** EC2 instances for tests. */
final class Machines {

    private Machines() {}

    /** A running one, with an address that follows from its number. */
    static Ec2Instance machine(int number) {
        return new Ec2Instance(
                "i-%04d".formatted(number),
                "10.20.%d.%d".formatted(number / 250, number % 250 + 1),
                "",
                "",
                "eu-central-1a",
                false,
                Map.of("bailey:service", "billing:80=8080"));
    }

    /** Those from the first number to before the second. */
    static List<Ec2Instance> machines(int from, int to) {
        return IntStream.range(from, to).mapToObj(Machines::machine).toList();
    }

    /** The same, about to stop. */
    static Ec2Instance stopping(Ec2Instance i) {
        return new Ec2Instance(
                i.id(), i.privateAddress(), i.publicAddress(), i.ipv6Address(), i.zone(), true, i.tags());
    }
}
