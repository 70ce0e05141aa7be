package bridge.bailey.consul;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes Consul itself refuse the writes of whoever is not the leader any more. Who becomes the leader writes a key, and
 * each transaction begins with the demand that the key is still as it was then. A leader that was paused, or cut off from
 * the API server, finds that out from Consul, whatever it believes and whatever its clock says.
 *
 * <p>The key also says which cluster it is: of two clusters with one name the second writes nothing.
 *
 * <ol>
 *   <li>The key is read.
 *   <li>Whoever elects confirms that we lead now.
 *   <li>The key is written if it still is what was read. If somebody else became the leader since, they have written it, or
 *       will do so before they read the catalog.
 *   <li>The catalog is read, and only what follows from that reading is written under that key.
 * </ol>
 */
public final class Fence implements Writes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KIND = "fence";
    private static final int FORBIDDEN = 403;

    private final ConsulHttp consul;
    private final String cluster;
    private final String key;
    private final Claimant claimant;
    private final InstantSource clock;

    /** What we hold; what is read under it may be written from once it is {@link #open}. */
    private Optional<Claim> claim = Optional.empty();

    /** Under which is written. */
    private volatile Optional<Claim> open = Optional.empty();

    private boolean taken;

    /** On whose behalf the fence is taken. */
    public interface Claimant {
        /** The term in which we lead, as far as we know; empty if we don't. It is unique among all of this cluster. */
        Optional<String> term();

        /** Asks whether we lead at this moment; false also if that can't be found out. */
        boolean confirmed();

        /** Whether there is an election; without one, whoever came last writes. */
        boolean elected();

        /** What is writing, such as the name of the pod. */
        String identity();

        /** What tells this cluster from all others, whatever their names; empty if that is not known. */
        Optional<String> clusterId();
    }

    /** The right to write what follows from a reading that began after the fence was taken. */
    public static final class Claim {
        private final String term;
        private final long index;

        private Claim(String term, long index) {
            this.term = term;
            this.index = index;
        }
    }

    /** What the key holds. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record Content(String cluster, String clusterId, String holder, String term, String since) {}

    public Fence(ConsulHttp consul, String cluster, Claimant claimant, InstantSource clock) {
        this.consul = consul;
        this.cluster = cluster;
        this.key = key(cluster);
        this.claimant = claimant;
        this.clock = clock;
    }

    /** The key of a cluster. */
    public static String key(String cluster) {
        return "bailey/" + cluster + "/leader";
    }

    /** Whether we lead, as far as we know. */
    public boolean isWanted() {
        return claimant.term().isPresent();
    }

    /**
     * Takes the fence, unless we have it. What is read from Consul after this can be changed by nobody else of this cluster.
     *
     * @return what {@link #open} takes once that was read
     * @throws FencedException if we may not have it; the message says who has
     */
    public synchronized Claim take() throws ConsulException {
        String term = claimant.term().orElseThrow(() -> new FencedException("this Bailey does not lead"));
        if (claim.filter(c -> c.term.equals(term)).isPresent()) {
            return claim.get();
        }
        Optional<Catalog.Key> found = consul.key(key);
        long index = found.map(Catalog.Key::modifyIndex).orElse(0L);
        if (!claimant.confirmed()) {
            throw new FencedException("it can't be confirmed that this Bailey leads"
                    + (found.isPresent()
                            ? "; the last that did is \"" + content(found.get()).holder() + "\""
                            : ""));
        }
        if (found.isPresent()) {
            Content content = content(found.get());
            refuseOtherCluster(content);
            if (term.equals(content.term())) {
                return claimed(term, index);
            }
            if (!claimant.elected() && taken) {
                throw new FencedException("Bailey \"" + content.holder() + "\" of cluster \"" + cluster
                        + "\" took over, and without an election who comes last writes: stop one of the two, or set"
                        + " bailey.leader.enabled");
            }
        }
        Txn.Answer answer = consul.transact(KIND, List.of(Txn.setKey(key, write(term), index)));
        if (!answer.errors().isEmpty()) {
            throw new ConsulException(
                    ConsulException.NO_ANSWER,
                    "key \"" + key + "\" in Consul can't be written: "
                            + answer.errors().get(0).what());
        }
        taken = true;
        return claimed(term, answer.results().get(0).key().modifyIndex());
    }

    private Claim claimed(String term, long index) {
        Claim mine = new Claim(term, index);
        claim = Optional.of(mine);
        return mine;
    }

    /** From now on is written what follows from a reading under this claim; without one nothing is. */
    public void open(Optional<Claim> reading) {
        open = reading;
    }

    private Content content(Catalog.Key found) throws FencedException {
        try {
            Content content = JSON.readValue(found.bytes(), Content.class);
            if (content != null && cluster.equals(content.cluster())) {
                return content;
            }
        } catch (IOException e) {
            // Told below.
        }
        throw new FencedException("key \"" + key + "\" in Consul holds what no Bailey of cluster \"" + cluster
                + "\" wrote; it is left as it is, and nothing is written. Remove the key if nobody needs it");
    }

    private void refuseOtherCluster(Content content) throws FencedException {
        Optional<String> other = Optional.ofNullable(content.clusterId());
        if (other.isPresent() && claimant.clusterId().isPresent() && !other.equals(claimant.clusterId())) {
            throw new FencedException("another cluster feeds this Consul under the name \"" + cluster
                    + "\": key \"" + key + "\" says that its id is " + other.get() + ", and that \"" + content.holder()
                    + "\" writes since " + content.since() + "; the id of this cluster is "
                    + claimant.clusterId().get()
                    + ". Nothing is written. Give one of them another bailey.cluster, or, if that cluster is no more,"
                    + " remove the key (consul kv delete " + key + ")");
        }
    }

    private byte[] write(String term) {
        try {
            return JSON.writeValueAsBytes(new Content(
                    cluster,
                    claimant.clusterId().orElse(""),
                    claimant.identity(),
                    term,
                    clock.instant().truncatedTo(ChronoUnit.SECONDS).toString()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Txn.Answer transact(List<byte[]> operations) throws ConsulException {
        Claim mine = open.filter(c -> claimant.term().filter(c.term::equals).isPresent())
                .orElseThrow(() -> new FencedException("this Bailey does not lead"));
        List<byte[]> all = new ArrayList<>(operations.size() + 1);
        all.add(Txn.checkKey(key, mine.index));
        all.addAll(operations);
        Txn.Answer answer = consul.transact(all);
        Optional<Txn.Failure> refusal = answer.errors().stream()
                .filter(failure -> failure.operation() == 0)
                .findFirst();
        if (refusal.isPresent()) {
            throw refused(mine, refusal.get().what());
        }
        return new Txn.Answer(
                answer.results().stream().filter(result -> result.key() == null).toList(),
                answer.errors().stream()
                        .map(failure -> new Txn.Failure(failure.operation() - 1, failure.what()))
                        .toList());
    }

    private synchronized ConsulException refused(Claim mine, String what) {
        if (what.contains("ermission denied")) {
            return new ConsulException(FORBIDDEN, "key \"" + key + "\" in Consul can't be read: " + what);
        }
        // Whether we still may is found out before the next reading.
        open = Optional.empty();
        claim = claim.filter(c -> c != mine);
        return new FencedException("Consul refused it, as somebody else took over: " + what);
    }

    @Override
    public int added() {
        return 1;
    }

    /** Removes the key, as the last thing of ours in Consul. */
    public synchronized void remove() throws ConsulException {
        if (claim.isPresent()) {
            Txn.Answer unused = consul.transact(KIND, List.of(Txn.deleteKey(key, claim.get().index)));
            claim = Optional.empty();
            open = Optional.empty();
        }
    }
}
