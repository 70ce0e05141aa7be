package bridge.bailey.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page as GitHub reads it: of what is between fences nothing is a heading, a link or a table. */
record Markdown(Path file, List<String> lines) {

    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?)\\s*#*");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");

    Markdown {
        lines = List.copyOf(lines);
    }

    /** All pages of the repository. */
    static List<Markdown> pages() throws IOException {
        List<Markdown> pages = new ArrayList<>();
        for (String folder : List.of(".", "docs", "bench", "k8s", "examples")) {
            try (Stream<Path> files = Files.walk(Path.of(folder), folder.equals(".") ? 1 : Integer.MAX_VALUE)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".md"))
                        .map(Path::normalize)
                        .sorted()
                        .toList()) {
                    pages.add(read(file));
                }
            }
        }
        return pages;
    }

    static Markdown read(Path file) throws IOException {
        return of(file, Files.readString(file));
    }

    static Markdown of(Path file, String text) {
        List<String> lines = new ArrayList<>();
        boolean fenced = false;
        for (String line : text.split("\n", -1)) {
            boolean fence = line.strip().startsWith("```");
            lines.add(fenced || fence ? "" : line);
            fenced ^= fence;
        }
        return new Markdown(file, lines);
    }

    /** What comes after {@code #} in a link to each of its headings. */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> times = new HashMap<>();
        for (String line : lines) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = anchor(heading.group(1));
                int before = times.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(before == 0 ? anchor : anchor + "-" + before);
            }
        }
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}_\\- ]", "")
                .replace(' ', '-');
    }

    /** The targets of its links. A link may go over the end of a line; what is code is none. */
    List<String> links() {
        String text = CODE.matcher(String.join("\n", lines)).replaceAll("code");
        return LINK.matcher(text).results().map(link -> link.group(1)).toList();
    }

    /** Rows of a table that have more or fewer cells than its head, or a table that is not shown as one, with their lines. */
    List<String> brokenTables() {
        List<String> broken = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (isRow(i) && !isRow(i - 1)) {
                if (!lines.get(i + 1).matches("\\s*\\|[\\s:|-]+\\|\\s*")) {
                    broken.add(file + ":" + (i + 2) + " separates no head from its rows");
                }
                if (i > 0 && !lines.get(i - 1).isBlank()) {
                    broken.add(file + ":" + i + " has no empty line before the table");
                }
            }
            if (isRow(i) && isRow(i - 1) && cells(i) != cells(i - 1)) {
                broken.add(file + ":" + (i + 1) + " has " + cells(i) + " cells, the row before it " + cells(i - 1));
            }
        }
        return broken;
    }

    private boolean isRow(int line) {
        return line >= 0 && line < lines.size() && lines.get(line).strip().startsWith("|");
    }

    /** A bar divides cells even within code, unless there is a backslash before it. */
    private int cells(int line) {
        return lines.get(line).strip().replace("\\|", "").split("\\|", -1).length - 2;
    }
}
