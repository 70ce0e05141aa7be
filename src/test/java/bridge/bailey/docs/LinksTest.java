package bridge.bailey.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each link of a page leads to what is in this repository, and each table is shown as one. */
class LinksTest {

    /** Why a reader who follows this link finds nothing. */
    private static Optional<String> broken(Markdown page, String link) throws IOException {
        if (link.matches("[a-z]+:.*")) {
            return Optional.empty();
        }
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty()
                ? page.file()
                : Path.of("").resolve(page.file()).resolveSibling(path).normalize();
        if (!Files.exists(target)) {
            return Optional.of(page.file() + " → " + link + ": there is no " + target);
        }
        if (hash < 0 || Markdown.read(target).anchors().contains(link.substring(hash + 1))) {
            return Optional.empty();
        }
        return Optional.of(page.file() + " → " + link + ": no heading of " + target + " is called so");
    }

    @Test
    void eachLinkToAFileOrAHeadingLeadsThere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Markdown page : Markdown.pages()) {
            for (String link : page.links()) {
                broken(page, link).ifPresent(broken::add);
                links++;
            }
        }
        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(100);
    }

    @Test
    void eachTableHasTheSameCellsInAllRows() throws IOException {
        assertThat(Markdown.pages()).hasSizeGreaterThan(30).allSatisfy(page -> assertThat(page.brokenTables())
                .isEmpty());
    }

    @Test
    void aBarWithinCodeBreaksARowUnlessItIsEscaped() {
        String head = "| a | b |\n|---|---|\n";
        assertThat(Markdown.of(Path.of("x"), head + "| `p | q` | c |\n").brokenTables())
                .containsExactly("x:3 has 3 cells, the row before it 2");
        assertThat(Markdown.of(Path.of("x"), head + "| `p \\| q` | c |\n").brokenTables())
                .isEmpty();
        assertThat(Markdown.of(Path.of("x"), "text\n" + head).brokenTables()).hasSize(1);
    }

    @Test
    void aLinkThatLeadsNowhereIsFound() throws IOException {
        Markdown page =
                Markdown.of(Path.of("docs", "x.md"), "# A `b` c\n[1](#a-b-c) [2](#no) [3](no.md)\n```\n[4](no)\n```\n");
        List<String> broken = new ArrayList<>();
        assertThat(page.links()).containsExactly("#a-b-c", "#no", "no.md");
        assertThat(page.anchors()).containsExactly("a-b-c");
        broken(page, "no.md").ifPresent(broken::add);
        broken(page, "deploy.md#no").ifPresent(broken::add);
        broken(page, "deploy.md#who-reaches-what").ifPresent(broken::add);
        assertThat(broken)
                .containsExactly(
                        "docs/x.md → no.md: there is no docs/no.md",
                        "docs/x.md → deploy.md#no: no heading of docs/deploy.md is called so");
    }
}
