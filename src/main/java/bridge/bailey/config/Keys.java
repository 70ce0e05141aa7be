package bridge.bailey.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The keys that {@link BaileyConfig} declares, found by reflection, so that checks and docs can't forget one. */
final class Keys {

    private Keys() {}

    /**
     * One key.
     *
     * @param name in full, such as {@code bailey.export.node-address}
     * @param type of the value, or of its elements
     * @param defaultValue as a user would write it; empty if there is none
     */
    record Key(
            String name, Class<?> type, boolean optional, boolean list, Optional<String> defaultValue, Method method) {

        /** What the value may be, in words. */
        String allowed() {
            Allowed given = method.getAnnotation(Allowed.class);
            if (given != null) {
                return given.value();
            }
            if (type == boolean.class) {
                return "true or false";
            }
            if (type.isEnum()) {
                return Arrays.stream(type.getEnumConstants())
                        .map(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .reduce((a, b) -> a + ", " + b)
                        .orElseThrow();
            }
            return type == Duration.class ? "a duration such as 10s" : "text";
        }

        /** The environment variable that sets the key. */
        String variable() {
            return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        }
    }

    static List<Key> all() {
        return of(BaileyConfig.PREFIX, BaileyConfig.class).toList();
    }

    private static Stream<Key> of(String prefix, Class<?> group) {
        return Arrays.stream(group.getDeclaredMethods())
                .filter(m -> !m.isSynthetic())
                .flatMap(method -> {
                    String name = prefix + "." + nameOf(method);
                    Class<?> type = method.getReturnType();
                    return isGroup(type) ? of(name, type) : Stream.of(key(name, method));
                });
    }

    private static boolean isGroup(Class<?> type) {
        return type.isInterface() && type.getEnclosingClass() == BaileyConfig.class;
    }

    private static Key key(String name, Method method) {
        Type type = method.getGenericReturnType();
        boolean optional = method.getReturnType() == Optional.class;
        Type given = optional ? argument(type) : type;
        boolean list = given instanceof ParameterizedType;
        Class<?> value = (Class<?>) (list ? argument(given) : given);
        Optional<String> byDefault =
                Optional.ofNullable(method.getAnnotation(WithDefault.class)).map(WithDefault::value);
        return new Key(name, value, optional, list, byDefault, method);
    }

    private static Type argument(Type type) {
        return ((ParameterizedType) type).getActualTypeArguments()[0];
    }

    private static String nameOf(Method method) {
        WithName given = method.getAnnotation(WithName.class);
        return given != null
                ? given.value()
                : method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
