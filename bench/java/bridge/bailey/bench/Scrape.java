package bridge.bailey.bench;

import java.util.List;

/** What {@code /metrics} said. */
record Scrape(List<String> lines) {

    /** The sum of the series of this name whose labels contain this text. */
    double sum(String name, String labels) {
        return lines.stream()
                .filter(line -> line.startsWith(name + "{") && line.contains(labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
