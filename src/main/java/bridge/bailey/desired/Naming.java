package bridge.bailey.desired;

import bridge.bailey.model.Finding;
import bridge.bailey.model.KubeService;
import java.util.Optional;
import java.util.regex.Pattern;

/** Names services in Consul. A name that DNS could not serve is reported and not registered, never altered. */
final class Naming {

    /** RFC 1123, section 2.1; letters of either case, since DNS ignores it. */
    private static final Pattern DNS_LABEL = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?");

    private static final String CONSUL = "consul";

    private Naming() {}

    static boolean isDnsLabel(String name) {
        return DNS_LABEL.matcher(name).matches();
    }

    /** The service's name in Consul: its annotation's as it stands, or else the prefix and the configured pattern. */
    static Optional<String> nameOf(KubeService service, Annotations annotations, ExportRules rules) {
        Optional<Annotations.Found> annotated = annotations.name();
        String field = annotated.map(Annotations.Found::field).orElse("");
        String name = annotated
                .map(Annotations.Found::value)
                .orElseGet(() -> rules.prefix()
                        + rules.namePattern()
                                .replace("{namespace}", service.key().namespace())
                                .replace("{name}", service.key().name()));
        Optional<String> usable = checked(name, field, annotations);
        annotations
                .notes()
                .note(
                        "name",
                        () -> usable.orElse("none"),
                        () -> annotated
                                        .map(annotations::by)
                                        .orElseGet(() -> "bailey.export.name-pattern " + rules.namePattern()
                                                + (rules.prefix().isEmpty()
                                                        ? ""
                                                        : " with bailey.export.prefix " + rules.prefix()))
                                + (usable.isPresent() ? "" : ": " + name + " can't be used"));
        return usable;
    }

    /** The name of a further port's service: {@code <name>-<port name>}. */
    static Optional<String> nameOfPort(String name, String portName, Annotations annotations) {
        return checked(name + "-" + portName, "metadata.annotations[\"bailey.bridge/ports\"]", annotations);
    }

    private static Optional<String> checked(String name, String field, Annotations annotations) {
        if (name.equalsIgnoreCase(CONSUL)) {
            annotations.report(
                    Finding.Kind.INVALID_NAME, field, name, "this is the name of Consul's own servers; not exported");
            return Optional.empty();
        }
        if (isDnsLabel(name)) {
            return Optional.of(name);
        }
        annotations.report(
                Finding.Kind.INVALID_NAME,
                field,
                name,
                "a name in Consul must be a DNS label (letters, digits and inner hyphens, at most 63); not exported");
        return Optional.empty();
    }
}
