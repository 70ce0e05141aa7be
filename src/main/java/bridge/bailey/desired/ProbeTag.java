package bridge.bailey.desired;

import bridge.bailey.model.Probe.Check;
import bridge.bailey.model.Probe.Encryption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The value of a tag {@code bailey:probe}, for the first port of the service.
 *
 * <p>With {@code https} the certificate is not looked at: instances are probed by their IP addresses, which no certificate
 * of theirs names.
 *
 * @param check empty for no probe
 */
record ProbeTag(Optional<Check> check) {

    static final String ALLOWED = "must be tcp, http:/path, https:/path, grpc or none";

    /** What holds where no tag says otherwise. */
    static final ProbeTag DEFAULT = new ProbeTag(Optional.of(new Check.Tcp("")));

    private static final int LEAST_STATUS = 200;
    private static final int MOST_STATUS = 399;

    /** A path and query as RFC 3986 writes them. */
    private static final Pattern HTTP = Pattern.compile("(https?):(/[-A-Za-z0-9._~!$&'()*+,;=:@%/?]*)");

    /** Empty if the value can't be read. */
    static Optional<ProbeTag> of(String value) {
        return switch (value) {
            case "tcp" -> Optional.of(DEFAULT);
            case "grpc" -> Optional.of(of(new Check.Grpc("", "", new Encryption.None())));
            case "none" -> Optional.of(new ProbeTag(Optional.empty()));
            default -> http(value);
        };
    }

    private static Optional<ProbeTag> http(String value) {
        Matcher matcher = HTTP.matcher(value);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Encryption encryption = matcher.group(1).equals("https") ? new Encryption.Unverified() : new Encryption.None();
        return Optional.of(of(new Check.Http("", matcher.group(2), "", LEAST_STATUS, MOST_STATUS, encryption)));
    }

    private static ProbeTag of(Check check) {
        return new ProbeTag(Optional.of(check));
    }
}
