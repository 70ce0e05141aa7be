package bridge.bailey.source;

import bridge.bailey.model.Ec2Instance;
import bridge.bailey.model.Ec2Query;
import java.util.List;

/** EC2, as far as Bailey needs it. For any thread. */
public interface Ec2Api extends AutoCloseable {

    /**
     * The instances that match a query and run, stop or shut down, and have an address; each once, in the order of their
     * ids. Blocks.
     *
     * @throws Ec2Exception if any part of the answer is missing: there are no partial answers
     */
    List<Ec2Instance> instances(Ec2Query query) throws Ec2Exception;

    @Override
    void close();
}
