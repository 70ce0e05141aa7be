package bridge.bailey.desired;

import bridge.bailey.model.TaggedService.TagPort;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One word of the tag {@code bailey:service}: {@code [namespace/]name[:port[=targetPort]]}.
 *
 * @param namespace "" if the word names none that can be read
 * @param name "" if the word names none that can be read
 * @param problem what is allowed, or "" if the whole word can be read
 */
record TagWord(String namespace, String name, Optional<TagPort> port, String problem) {

    static final String FORM = "[namespace/]name[:port[=targetPort]]";

    private static final int MAX_PORT = 65535;

    private static final Pattern WORD = Pattern.compile(
            "(?:(?<namespace>[^,/:=]*)/)?(?<name>[^,/:=]*)(?::(?<port>[^,/:=]*)(?:=(?<target>[^,/:=]*))?)?");

    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");

    /** RFC 1123: what Kubernetes asks of the name of a namespace. */
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** RFC 1035: what Kubernetes asks of the name of a Service. */
    private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");

    static TagWord of(String text) {
        Matcher word = WORD.matcher(text);
        if (!word.matches()) {
            String several = text.contains(",") ? ", and spaces separate several" : "";
            return unreadable("", "", "must be " + FORM + several);
        }
        String namespace = word.group("namespace");
        if (namespace != null && !isNamespace(namespace)) {
            return unreadable("", "", "a namespace must be a DNS label: lower-case letters, digits and inner hyphens");
        }
        String readable = namespace == null ? "" : namespace;
        if (!NAME.matcher(word.group("name")).matches()) {
            return unreadable(
                    readable,
                    "",
                    "a name must be a DNS label that begins with a letter: lower-case letters, digits and inner hyphens, at"
                            + " most 63");
        }
        return withPort(readable, word.group("name"), word.group("port"), word.group("target"));
    }

    private static TagWord withPort(String namespace, String name, String port, String target) {
        if (port == null) {
            return new TagWord(namespace, name, Optional.empty(), "");
        }
        Optional<Integer> number = port(port);
        Optional<Integer> targetNumber = target == null ? number : port(target);
        if (number.isEmpty() || targetNumber.isEmpty()) {
            return unreadable(namespace, name, "a port must be a number from 1 to " + MAX_PORT);
        }
        return new TagWord(namespace, name, Optional.of(new TagPort(number.get(), targetNumber.get())), "");
    }

    private static TagWord unreadable(String namespace, String name, String problem) {
        return new TagWord(namespace, name, Optional.empty(), problem);
    }

    static boolean isNamespace(String text) {
        return NAMESPACE.matcher(text).matches();
    }

    /** Empty unless the text is a number from 1 to 65535. */
    static Optional<Integer> port(String text) {
        return Optional.of(text)
                .filter(digits -> PORT.matcher(digits).matches())
                .map(Integer::valueOf)
                .filter(number -> number <= MAX_PORT);
    }
}
