package bridge.bailey.model;

/**
 * Something that a user should mend: bad input, or a clash. It never stops other objects from being served.
 *
 * @param key the Service concerned
 * @param field where in the Service, such as {@code metadata.annotations["bailey.bridge/port"]}; "" for the whole
 * @param value the value that was found, or ""
 * @param message what is allowed, and what Bailey does meanwhile
 */
public record Finding(Kind kind, ServiceKey key, String field, String value, String message) {

    /** The kinds of findings; each is a bounded metric label. */
    public enum Kind {
        /** An annotation that cannot be read. */
        INVALID_ANNOTATION,
        /** A name that is no DNS label. */
        INVALID_NAME,
        /** Service meta that Consul would refuse. */
        DROPPED_META,
        /** Tags beyond what an entry may have. */
        DROPPED_TAG,
        /** Several services that map to one Consul name. */
        SHARED_NAME,
        /** Two instances of one service that would have one id. */
        DUPLICATE_INSTANCE,
        /** An endpoint, port or address that cannot be used. */
        UNUSABLE_ENDPOINT,
        /** An id that an entry which is not ours already has. */
        FOREIGN_ENTRY,
        /** The target refused the change. */
        REFUSED
    }

    /** One line that names the object, the field, the value, what is allowed and what happens meanwhile. */
    public String text() {
        String where = field.isEmpty() ? "" : " " + Printable.of(field);
        String what = value.isEmpty() ? "" : " \"" + Printable.of(value) + "\"";
        return "Service " + key + where + what + ": " + message;
    }
}
