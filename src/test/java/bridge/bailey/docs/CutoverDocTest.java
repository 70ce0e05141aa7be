package bridge.bailey.docs;

import static org.assertj.core.api.Assertions.assertThat;

import bridge.bailey.view.CutoverVerdict.Rule;
import bridge.bailey.view.CutoverVerdict.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of rules in docs/cutover.md is that of the code. */
class CutoverDocTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (both|stop) \\|");

    @Test
    void eachRuleIsDocumentedWithTheStepsThatItBlocks() throws IOException {
        List<String> documented = ROW.matcher(Files.readString(Path.of("docs/cutover.md")))
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();

        assertThat(documented)
                .isEqualTo(Arrays.stream(Rule.values())
                        .map(rule -> rule.name().toLowerCase(Locale.ROOT).replace('_', '-')
                                + (rule.blocks(Step.SHIFT) ? " both" : " stop"))
                        .toList());
    }
}
