package bridge.bailey.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The fields of one JSON object, read with suspicion: what is not as allowed is reported with its path, and then is as if it
 * were absent. Null is absent too.
 */
final class Fields {

    private final JsonNode object;
    private final String path;
    private final Report report;

    Fields(JsonNode object, String path, Report report) {
        this.object = object;
        this.path = path;
        this.report = report;
    }

    /** Collects what is wrong. */
    interface Report {
        void wrong(String path, String value, String allowed, String meanwhile);

        /** How much that is so far. */
        int size();
    }

    /** Which texts are allowed, and how that is said. */
    record Format(Predicate<String> fits, String allowed) {
        static Format of(String regex, int longest, String allowed) {
            Predicate<String> matches = Pattern.compile(regex).asPredicate();
            return new Format(text -> text.length() <= longest && matches.test(text), allowed);
        }
    }

    /** How much was reported so far, anywhere: whoever needs a part to be without fault compares before and after. */
    int reported() {
        return report.size();
    }

    private String path(String name) {
        return path + "." + name;
    }

    boolean has(String name) {
        return !isAbsent(get(name));
    }

    private JsonNode get(String name) {
        JsonNode found = object.get(name);
        return found == null ? MissingNode.getInstance() : found;
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    /** Reports a field for a reason that is not its own. */
    void wrong(String name, String allowed, String meanwhile) {
        report.wrong(path(name), shown(get(name)), allowed, meanwhile);
    }

    /** Reports the object itself. */
    void wrong(String allowed, String meanwhile) {
        report.wrong(path, "", allowed, meanwhile);
    }

    /** Blanks around a text don't count. */
    Optional<String> text(String name, Format format, String meanwhile) {
        JsonNode node = get(name);
        Optional<String> text = text(node, format);
        if (text.isEmpty() && !isAbsent(node)) {
            wrong(name, format.allowed(), meanwhile);
        }
        return text;
    }

    private static Optional<String> text(JsonNode node, Format format) {
        return node.isTextual() ? Optional.of(node.textValue().strip()).filter(format.fits()) : Optional.empty();
    }

    /** A text without which nothing can be done. */
    Optional<String> required(String name, Format format, String meanwhile) {
        if (!has(name)) {
            wrong(name, "required: " + format.allowed(), meanwhile);
        }
        return text(name, format, meanwhile);
    }

    /** A number without which nothing can be done. */
    OptionalInt required(String name, int least, int most, String meanwhile) {
        if (!has(name)) {
            wrong(name, "required: a number from " + least + " to " + most, meanwhile);
        }
        return number(name, least, most, meanwhile);
    }

    OptionalInt number(String name, int least, int most, String meanwhile) {
        JsonNode node = get(name);
        if (node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= least && node.intValue() <= most) {
            return OptionalInt.of(node.intValue());
        }
        if (!isAbsent(node)) {
            wrong(name, "a number from " + least + " to " + most, meanwhile);
        }
        return OptionalInt.empty();
    }

    boolean flag(String name, boolean byDefault) {
        JsonNode node = get(name);
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (!isAbsent(node)) {
            wrong(name, "true or false", byDefault + " is taken");
        }
        return byDefault;
    }

    Optional<Fields> object(String name, String meanwhile) {
        JsonNode node = get(name);
        if (node.isObject()) {
            return Optional.of(new Fields(node, path(name), report));
        }
        if (!isAbsent(node)) {
            wrong(name, "an object", meanwhile);
        }
        return Optional.empty();
    }

    /** The objects in a list; what is none is left out. */
    List<Fields> objects(String name, String meanwhile) {
        List<Fields> objects = new ArrayList<>();
        List<JsonNode> nodes = list(name, meanwhile);
        for (int i = 0; i < nodes.size(); i++) {
            String where = path(name) + "[" + i + "]";
            if (nodes.get(i).isObject()) {
                objects.add(new Fields(nodes.get(i), where, report));
            } else {
                report.wrong(where, shown(nodes.get(i)), "an object", meanwhile);
            }
        }
        return objects;
    }

    /** The texts in a list; what is not as allowed is left out. */
    List<String> texts(String name, Format format, String meanwhile) {
        List<String> texts = new ArrayList<>();
        List<JsonNode> nodes = list(name, meanwhile);
        for (int i = 0; i < nodes.size(); i++) {
            Optional<String> text = text(nodes.get(i), format);
            text.ifPresent(texts::add);
            if (text.isEmpty()) {
                report.wrong(path(name) + "[" + i + "]", shown(nodes.get(i)), format.allowed(), meanwhile);
            }
        }
        return texts;
    }

    private List<JsonNode> list(String name, String meanwhile) {
        JsonNode node = get(name);
        List<JsonNode> elements = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(elements::add);
        } else if (!isAbsent(node)) {
            wrong(name, "a list", meanwhile);
        }
        return elements;
    }

    private static String shown(JsonNode node) {
        return isAbsent(node) ? "" : node.isTextual() ? node.textValue() : node.toString();
    }
}
