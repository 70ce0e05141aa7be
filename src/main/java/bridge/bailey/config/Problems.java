package bridge.bailey.config;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Collects what is wrong with a configuration, key by key. */
final class Problems {

    /** Kubernetes sets such variables in every pod for a Service that is called bailey, or bailey-something. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("BAILEY_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_[0-9]+_(TCP|UDP|SCTP).*)?)");

    /** Whoever guesses at the name of a key may guess that there is one for the token. */
    private static final String HIDDEN = "…";

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
                if (!hasValue && !key.optional() && (key.defaultValue().isEmpty() || isSet(key))) {
                    report(key);
                }
            } catch (IllegalArgumentException e) {
                report(key);
            }
        }
        checkUnknown(keys);
    }

    /** Whether a source has the key, if only with an empty value: then the default does not count. */
    private boolean isSet(Keys.Key key) {
        return config.getConfigValue(key.name()).getSourceName() != null;
    }

    /** Reports a key, with what it is set to and where. */
    void report(Keys.Key key) {
        ConfigValue found = config.getConfigValue(key.name());
        String value = found.getValue() == null ? "" : found.getValue();
        String origin = found.getSourceName() == null
                ? "set it in application.yaml or as " + key.variable()
                : "from " + sourceOf(found);
        if (reported.add(key.name())) {
            all.add(new Problem(key.name(), value, origin, ALLOWED + key.allowed()));
        }
    }

    private void checkUnknown(List<Keys.Key> keys) {
        Set<String> names = keys.stream().map(Keys.Key::name).collect(Collectors.toSet());
        Set<String> variables = keys.stream().map(Keys.Key::variable).collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>();
        for (String property : config.getPropertyNames()) {
            if (property.startsWith(BaileyConfig.PREFIX + ".")) {
                String name = property.replaceAll("\\[\\d+]", "");
                if (!names.contains(name) && !variables.contains(asVariable(name))) {
                    unknown.add(property);
                }
            } else if (property.startsWith("BAILEY_")
                    && !variables.contains(property.replaceAll("_\\d+_?$", ""))
                    && !SERVICE_LINK.matcher(property).matches()) {
                unknown.add(property);
            }
        }
        // A variable also shows up as a property that SmallRye guesses from its name.
        unknown.removeIf(name -> name.startsWith("bailey.") && isGuessed(name));
        for (String name : unknown) {
            ConfigValue found = config.getConfigValue(name);
            all.add(new Problem(name, HIDDEN, "from " + sourceOf(found), "no such key; " + nearest(name, names)));
        }
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
        return name.startsWith("SysPropConfigSource") ? "the system properties" : name;
    }

    private static String asVariable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
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
