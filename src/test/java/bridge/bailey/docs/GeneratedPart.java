package bridge.bailey.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The part of a page of docs/ that is made from the code; the rest of the page is written by hand. {@code mvn test
 * -Ddocs.update=true} writes it.
 */
public final class GeneratedPart {

    private static final String BEGIN =
            "<!-- Made from the code: `mvn test -Ddocs.update=true` writes what follows. -->\n";
    private static final String END = "<!-- End of what is made from the code. -->\n";

    private GeneratedPart() {}

    /** Fails if the page does not say this between its two marks. */
    public static void check(Path page, String expected) throws IOException {
        String text = Files.readString(page);
        int from = text.indexOf(BEGIN) + BEGIN.length();
        int to = text.indexOf(END);
        assertThat(from).as("where %s has %s", page, BEGIN).isBetween(BEGIN.length(), to);
        if (Boolean.getBoolean("docs.update")) {
            Files.writeString(page, text.substring(0, from) + expected + text.substring(to));
            return;
        }
        assertThat(text.substring(from, to))
                .as("%s, which -Ddocs.update=true writes", page)
                .isEqualTo(expected);
    }
}
