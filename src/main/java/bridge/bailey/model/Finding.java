package bridge.bailey.model;

/**
 * Something that a user should mend: bad input, or a clash. It never stops other objects from being served.
 *
 * @param key the service key concerned
 * @param subject the object to mend
 * @param field where in it, such as {@code metadata.annotations["bailey.bridge/port"]}; "" for the whole
 * @param value the value that was found, or ""
 * @param message what is allowed, and what Bailey does meanwhile
 */
public record Finding(Kind kind, ServiceKey key, Subject subject, String field, String value, String message) {

    /** About the Service itself. */
    public Finding(Kind kind, ServiceKey key, String field, String value, String message) {
        this(kind, key, new Subject("Service", key.toString()), field, value, message);
    }

    /**
     * The object to mend.
     *
     * @param kind {@code Service}, {@code LegacyService} or {@code EC2 instance}
     * @param name {@code namespace/name}, or an id
     */
    public record Subject(String kind, String name) {
        /** The kind of the object by which replicas elect a leader. */
        public static final String LEASE = "Lease";

        public static Subject legacyService(ServiceKey resource) {
            return new Subject("LegacyService", resource.toString());
        }

        public static Subject ec2Instance(String id) {
            return new Subject("EC2 instance", id);
        }
    }

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
        /** A field of a LegacyService that can't be read. */
        INVALID_SPEC,
        /** An EC2 tag that can't be read. */
        INVALID_TAG,
        /** Several LegacyServices that claim one Service. */
        SERVICE_CLAIMED,
        /** Origins that disagree about the ports of one service. */
        PORT_CONFLICT,
        /** A Service of that name that is not ours. */
        FOREIGN_SERVICE,
        /** A Service of ours to which others gave a selector. */
        EDITED_SERVICE,
        /** An address that Kubernetes would refuse. */
        UNUSABLE_ADDRESS,
        /** The target refused the change. */
        REFUSED
    }

    /** One line that names the object, the field, the value, what is allowed and what happens meanwhile. */
    public String text() {
        String where = field.isEmpty() ? "" : " " + Printable.of(field);
        String what = value.isEmpty() ? "" : " \"" + Printable.of(value) + "\"";
        return subject.kind() + " " + Printable.of(subject.name()) + where + what + ": " + message;
    }
}
