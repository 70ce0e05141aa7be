package bridge.bailey.consul;

import java.util.Optional;

/** Where the ACL token of each request comes from. For several threads. */
interface Tokens extends AutoCloseable {

    /**
     * The token to send; empty for none.
     *
     * @throws ConsulException if there should be one, and there is not; the message quotes nothing of it
     */
    Optional<String> current() throws ConsulException;

    /**
     * Consul does not know this token, or no longer.
     *
     * @return whether {@link #current} is another one now, with which the request may be tried again
     */
    boolean replaced(String unknown);

    /** Where the tokens come from, such as {@code the token of CONSUL_HTTP_TOKEN}. */
    String origin();

    /** Gives back what was got; there are no tokens from then on. */
    @Override
    default void close() {}
}
