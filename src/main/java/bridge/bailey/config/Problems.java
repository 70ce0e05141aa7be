package bridge.bailey.config;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Collects what is wrong with a configuration, key by key. */
final class Problems {

    /** Where the commands that ask a running Bailey find it; a setting of theirs, that others may meet in a shell. */
    private static final String URL = "BAILEY_URL";

    /** Kubernetes sets such variables in every pod for a Service that is called bailey, or bailey-something. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("BAILEY_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_[0-9]+_(TCP|UDP|SCTP).*)?)");

    /** Whoever guesses at the name of a key may guess that there is one for the token. */
    private static final String HIDDEN = "…";

    private static final Pattern BOOLEAN =
            Pattern.compile("true|yes|y|on|1|t|false|no|n|off|0|f", Pattern.CASE_INSENSITIVE);

    private static final Pattern PATH = Pattern.compile("\\.{0,2}/[^\\p{Cc}]{1,250}");

    /** How a source calls itself, with the file or the like that it stands for. */
    private static final Pattern SOURCE = Pattern.compile("\\w+\\[source=(.*)]");

    private static final String ALLOWED = "allowed: ";

    private final SmallRyeConfig config;
    private final Set<String> reported = new TreeSet<>();
    private final List<Problem> all = new ArrayList<>();

    Problems(SmallRyeConfig config) {
        this.config = config;
    }

    List<Problem> all() {
        return List.copyOf(all);
    }

    /** Adds a problem that a list of what is allowed does not explain. */
    void addSentence(String key, String value, String sentence) {
        all.add(new Problem(key, value, "", sentence));
    }

    void add(String key, String value, String allowed) {
        all.add(new Problem(key, value, "", ALLOWED + allowed));
    }

    /** Checks that each value is of its key's type, that what is required is there, and that no key is unknown. */
    void checkTypes(List<Keys.Key> keys) {
        for (Keys.Key key : keys) {
            try {
                boolean hasValue = key.list()
                        ? config.getOptionalValues(key.name(), key.type()).isPresent()
                        : config.getOptionalValue(key.name(), key.type()).isPresent();
                boolean needsOne = !key.optional() && (key.defaultValue().isEmpty() || isSet(key));
                if ((!hasValue && needsOne) || (hasValue && key.type() == boolean.class && !isBoolean(key))) {
                    report(key);
                }
            } catch (IllegalArgumentException e) {
                report(key);
            }
        }
        checkUnknown(keys);
    }

    /** The converter takes all that it does not know for false. */
    private boolean isBoolean(Keys.Key key) {
        return BOOLEAN.matcher(config.getConfigValue(key.name()).getValue()).matches();
    }

    /** Whether a source has the key, if only with an empty value: then the default does not count. */
    private boolean isSet(Keys.Key key) {
        return config.getConfigValue(key.name()).getSourceName() != null;
    }

    /** Reports a key, with what it is set to and where. */
    void report(Keys.Key key) {
        ConfigValue found = config.getConfigValue(key.name());
        String value = found.getValue() == null ? "" : found.getValue();
        String origin = "from " + sourceOf(found);
        if (found.getSourceName() == null) {
            value = key.defaultValue().orElse("");
            origin = value.isEmpty() ? "set it in application.yaml or as " + key.variable() : "the default";
        }
        if (key.type() == Path.class) {
            value = shownPath(value);
        }
        if (reported.add(key.name())) {
            all.add(new Problem(key.name(), value, origin, ALLOWED + key.allowed()));
        }
    }

    /** The path, unless it might be what the file should hold: that could be a secret. */
    static String shownPath(String value) {
        return PATH.matcher(value).matches() || value.isEmpty() ? value : HIDDEN;
    }

    private void checkUnknown(List<Keys.Key> keys) {
        Set<String> names = keys.stream().map(Keys.Key::name).collect(Collectors.toSet());
        Set<String> variables = keys.stream().map(Keys.Key::variable).collect(Collectors.toSet());
        Map<String, String> unknown = new TreeMap<>();
        for (String property : config.getPropertyNames()) {
            if (isUnknownKey(property, names) || isUnknownVariable(property, variables)) {
                unknown.putIfAbsent(withoutIndex(property), property);
            }
        }
        unknown.forEach((name, property) -> all.add(new Problem(
                name, HIDDEN, "from " + sourceOf(config.getConfigValue(property)), whatInstead(name, names))));
    }

    /** In YAML a name with dots is one word, and in quotes; a variable also shows up as a key that SmallRye guesses. */
    private boolean isUnknownKey(String property, Set<String> names) {
        boolean ours = property.startsWith(BaileyConfig.PREFIX + ".") || isOneWord(property);
        return ours && !names.contains(withoutIndex(property)) && !isGuessed(property);
    }

    private static boolean isUnknownVariable(String property, Set<String> variables) {
        return property.startsWith("BAILEY_")
                && !property.equals(URL)
                && !variables.contains(property.replaceAll("_\\d+_?$", ""))
                && !SERVICE_LINK.matcher(property).matches();
    }

    private static boolean isOneWord(String property) {
        return property.startsWith("\"" + BaileyConfig.PREFIX + ".");
    }

    private static String withoutIndex(String property) {
        return property.replaceAll("\\[\\d+]", "");
    }

    private static String whatInstead(String name, Set<String> names) {
        return isOneWord(name)
                ? "a name with dots is one word in YAML: write bailey:, and the rest below it"
                : "no such key; " + nearest(name, names);
    }

    /** The keys whose values are not of their types. */
    Set<String> reported() {
        return Set.copyOf(reported);
    }

    private static String sourceOf(ConfigValue value) {
        String name = String.valueOf(value.getSourceName());
        if (name.startsWith("EnvConfigSource")) {
            return "the environment";
        }
        return name.startsWith("SysPropConfigSource")
                ? "the system properties"
                : SOURCE.matcher(name).replaceFirst("$1");
    }

    private boolean isGuessed(String name) {
        String source = config.getConfigValue(name).getSourceName();
        return source != null && source.startsWith("EnvConfigSource");
    }

    private static String nearest(String name, Set<String> names) {
        String wanted = name.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
        return names.stream()
                .min(Comparator.comparingInt((String n) -> distance(wanted, n.replace('-', '.')))
                        .thenComparing(n -> n))
                .map(n -> "did you mean " + n + "?")
                .orElseThrow();
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
