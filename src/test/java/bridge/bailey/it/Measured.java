package bridge.bailey.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Writes what a fault test measured to {@code target/measured.tsv}, for the table of docs/reliability.md: the test, what, how
 * much.
 */
final class Measured implements BeforeEachCallback {

    private static final Path FILE = Path.of("target", "measured.tsv");

    private String test = "";
    private long began;

    @Override
    public void beforeEach(ExtensionContext context) {
        test = context.getRequiredTestClass().getSimpleName() + "#"
                + context.getRequiredTestMethod().getName() + " " + context.getDisplayName();
        begin();
    }

    /** The clock starts here: at the beginning of the test, unless it is said again. */
    void begin() {
        began = System.nanoTime();
    }

    /** Something took from {@link #begin} until now. */
    void seconds(String what) {
        note(what, String.format(Locale.ROOT, "%.2f s", (System.nanoTime() - began) / 1e9));
    }

    void note(String what, Object value) {
        try {
            Files.writeString(
                    FILE,
                    test + "\t" + what + "\t" + value + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            // The test is not about this.
            System.err.println("can't write " + FILE + ": " + e);
        }
    }
}
