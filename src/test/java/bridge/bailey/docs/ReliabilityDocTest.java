package bridge.bailey.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each row of docs/reliability.md names tests that exist and says what was measured; each fault test has its row. */
class ReliabilityDocTest {

    private static final Path TESTS = Path.of("src", "test", "java");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)#(\\w+)`");
    private static final int COLUMNS = 4;

    private final String page;

    ReliabilityDocTest() throws IOException {
        page = Files.readString(Path.of("docs", "reliability.md"));
    }

    /** Of the tables of faults; another is about load. */
    private List<String[]> rows() {
        return Pattern.compile("(?m)^\\| fault \\|.*\n\\|[-|]+\n((?:\\|.*\n)+)")
                .matcher(page)
                .results()
                .flatMap(table -> table.group(1).lines())
                .map(line -> Arrays.stream(line.substring(1).split("\\|", -1))
                        .map(String::strip)
                        .toArray(String[]::new))
                .toList();
    }

    private static Stream<String> testsNamedIn(String text) {
        return TEST.matcher(text).results().map(found -> found.group(1) + "#" + found.group(2));
    }

    @Test
    void eachRowSaysWhatIsPromisedByWhichTestItIsShownAndWhatWasMeasured() {
        assertThat(rows()).hasSizeGreaterThan(40).allSatisfy(row -> {
            assertThat(row).as(row[0]).hasSize(COLUMNS + 1);
            assertThat(row[1]).as(row[0]).isNotEmpty();
            assertThat(testsNamedIn(row[2])).as(row[0]).isNotEmpty();
            assertThat(row[3]).as(row[0]).isNotEmpty();
        });
    }

    @Test
    void eachTestThatIsNamedExists() {
        assertThat(testsNamedIn(page)).isNotEmpty().allSatisfy(name -> {
            String[] parts = name.split("#", -1);
            assertThat(tests(parts[0])).as(name).contains(parts[1]);
        });
    }

    /** Those in the names of whose classes it does not show that they are about faults. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BothAwayIT",
                "ClockJumpsIT",
                "ConsulClusterIT",
                "ConvergenceIT",
                "CrashIT",
                "DriftIT",
                "ExhaustionIT",
                "ExternalConvergenceIT",
                "LimitsIT",
                "LiveIT",
                "ShutdownIT"
            })
    void eachTestOfWhatGoesWrongHasARow(String suite) {
        assertHasRows(suite);
    }

    @Test
    void eachTestOfAFaultSuiteHasARow() throws IOException {
        try (Stream<Path> all = Files.walk(TESTS)) {
            List<String> suites = all.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith("FaultsIT.java"))
                    .map(name -> name.replace(".java", ""))
                    .toList();
            assertThat(suites).contains("ConsulFaultsIT", "KubernetesFaultsIT", "Ec2FaultsIT");
            suites.forEach(this::assertHasRows);
        }
    }

    private void assertHasRows(String suite) {
        Set<String> named = new TreeSet<>();
        rows().forEach(row -> testsNamedIn(row[2])
                .filter(test -> test.startsWith(suite + "#"))
                .forEach(test -> named.add(test.substring(test.indexOf('#') + 1))));
        assertThat(named).as("the tests of %s that a row names", suite).isEqualTo(tests(suite));
    }

    private static Set<String> tests(String className) {
        Set<String> names = new TreeSet<>();
        for (Method method : load(className).getDeclaredMethods()) {
            if (method.isAnnotationPresent(Test.class)
                    || method.isAnnotationPresent(ParameterizedTest.class)
                    || method.isAnnotationPresent(Property.class)) {
                names.add(method.getName());
            }
        }
        return names;
    }

    private static Class<?> load(String className) {
        try (Stream<Path> all = Files.walk(TESTS)) {
            Path file = all.filter(path -> path.getFileName().toString().equals(className + ".java"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("there is no " + className));
            String name = TESTS.relativize(file).toString().replace(".java", "").replace('/', '.');
            return Class.forName(name, false, ReliabilityDocTest.class.getClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
