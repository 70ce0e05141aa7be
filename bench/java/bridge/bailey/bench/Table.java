package bridge.bailey.bench;

import java.util.ArrayList;
import java.util.List;

/** Prints figures for people. */
final class Table {

    private static final String[] HEAD = {"what", "measured", "baseline", "ratio", "target", "met"};

    private Table() {}

    static List<String> lines(List<Figure> figures) {
        List<String[]> rows = new ArrayList<>();
        rows.add(HEAD);
        figures.forEach(figure -> rows.add(figure.row()));
        int[] widths = new int[HEAD.length];
        rows.forEach(row -> widen(widths, row));
        List<String> lines =
                new ArrayList<>(rows.stream().map(row -> line(row, widths)).toList());
        lines.add(1, "-".repeat(lines.get(0).length()));
        return lines;
    }

    private static void widen(int[] widths, String[] row) {
        for (int i = 0; i < row.length; i++) {
            widths[i] = Math.max(widths[i], row[i].length());
        }
    }

    private static String line(String[] row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
        }
        return line.toString();
    }
}
