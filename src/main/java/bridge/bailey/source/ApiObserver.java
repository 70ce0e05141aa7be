package bridge.bailey.source;

/** Is told of each request to the API server, and of each try of those that are tried again. Must be quick. */
public interface ApiObserver {

    /**
     * A request ended, or a watch began.
     *
     * @param verb such as {@code list}; one of few
     * @param status of the answer; 0 if there was none, or it broke off
     * @param seconds until the whole answer was read, of a watch until it was established
     */
    void requested(String verb, int status, double seconds);
}
