package bridge.bailey.config;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.docs.GeneratedPart;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The table of keys in docs/configuration.md is the Javadoc of {@link BaileyConfig}. */
class ConfigurationDocTest {

    private static final Path PAGE = Path.of("docs/configuration.md");
    private static final Path SOURCE = Path.of("src/main/java/bridge/bailey/config/BaileyConfig.java");

    @Test
    void theTableOfKeysIsTheirJavadoc() throws IOException {
        Javadoc javadoc = new Javadoc();
        javadoc.read();
        Map<String, List<Keys.Key>> groups = new LinkedHashMap<>();
        for (String method : javadoc.order) {
            Keys.all().stream().filter(key -> nameOf(key).equals(method)).forEach(key -> groups.computeIfAbsent(
                            groupOf(key), group -> new ArrayList<>())
                    .add(key));
        }
        assertThat(groups.values().stream().mapToInt(List::size).sum())
                .as("keys with Javadoc")
                .isEqualTo(Keys.all().size());
        StringBuilder text = new StringBuilder();
        groups.forEach((group, keys) -> text.append(section(group, keys, javadoc)));
        text.append('\n');

        GeneratedPart.check(PAGE, text.toString());
    }

    private static String section(String group, List<Keys.Key> keys, Javadoc javadoc) {
        StringBuilder text = new StringBuilder();
        if (!group.equals(BaileyConfig.PREFIX)) {
            text.append("\n### `").append(group).append("`\n\n");
            text.append(javadoc.of(keys.get(0).method().getDeclaringClass().getSimpleName()))
                    .append('\n');
        }
        text.append("\n| key, variable | default | allowed | meaning |\n|---|---|---|---|\n");
        keys.forEach(key -> text.append("| `%s`<br>`%s` | %s | %s | %s |\n"
                .formatted(
                        key.name(),
                        key.variable(),
                        key.defaultValue()
                                .map(value -> "`" + value + "`")
                                .orElse(key.optional() ? "none" : "**required**"),
                        cell((key.list() ? "a list: " : "") + key.allowed()),
                        cell(javadoc.of(nameOf(key))))));
        return text.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("*", "\\*");
    }

    private static String groupOf(Keys.Key key) {
        return key.name().substring(0, key.name().lastIndexOf('.'));
    }

    private static String nameOf(Keys.Key key) {
        return key.method().getDeclaringClass().getSimpleName() + "."
                + key.method().getName();
    }

    /** The Javadoc of classes and methods, by {@code Class} and {@code Class.method}. */
    private static final class Javadoc {

        private final Map<String, String> texts = new HashMap<>();
        private final List<String> order = new ArrayList<>();

        void read() throws IOException {
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
                JavacTask task = (JavacTask) compiler.getTask(
                        null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(SOURCE));
                DocTrees trees = DocTrees.instance(task);
                for (CompilationUnitTree unit : task.parse()) {
                    scanner(trees).scan(unit, "");
                }
            }
        }

        private TreePathScanner<Void, String> scanner(DocTrees trees) {
            return new TreePathScanner<>() {
                @Override
                public Void visitClass(ClassTree type, String outer) {
                    put(type.getSimpleName().toString(), trees.getDocComment(getCurrentPath()));
                    return super.visitClass(type, type.getSimpleName().toString());
                }

                @Override
                public Void visitMethod(MethodTree method, String type) {
                    put(type + "." + method.getName(), trees.getDocComment(getCurrentPath()));
                    return null;
                }
            };
        }

        private void put(String name, String comment) {
            assertThat(comment).as("Javadoc of " + name).isNotBlank();
            texts.put(name, markdown(comment));
            order.add(name);
        }

        String of(String name) {
            return texts.get(name);
        }

        /** What is in a code tag may have braces itself. */
        private static String markdown(String comment) {
            return comment.strip().replaceAll("\\s+", " ").replaceAll("\\{@code ((?:[^{}]|\\{[^{}]*})*)}", "`$1`");
        }
    }
}
