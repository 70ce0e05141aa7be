package bridge.bailey.consul;

import java.util.List;

/** Runs the transactions of whoever may write. */
public interface Writes {

    /**
     * Runs operations as one transaction: all are done, or none.
     *
     * @return the answer, which has errors if nothing was done; they name the operations as they are numbered here
     * @throws FencedException if somebody else writes now; nothing was done
     * @throws ConsulException if there was no such answer; without an HTTP status it is unknown whether they were done
     */
    Txn.Answer transact(List<byte[]> operations) throws ConsulException;

    /** How many operations are added to each transaction. */
    int added();
}
