package bridge.bailey.cli;

import bridge.bailey.check.Level;
import bridge.bailey.check.Preflight;
import bridge.bailey.check.Result;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Prints what checks found, for people or for programs. */
final class CheckOutput {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final int WORD = 4;

    private final List<Preflight.Area> areas;

    CheckOutput(List<Preflight.Area> areas) {
        this.areas = List.copyOf(areas);
    }

    /** The worst of all. */
    Level worst() {
        return results().map(Result::level).max(Comparator.naturalOrder()).orElse(Level.OK);
    }

    private Stream<Result> results() {
        return areas.stream().flatMap(area -> area.results().stream());
    }

    private long count(Level level) {
        return results().filter(result -> result.level() == level).count();
    }

    void text(Colours colours, PrintWriter out) {
        for (Preflight.Area area : areas) {
            out.println(colours.bold(area.name()));
            area.results().forEach(result -> print(result, colours, out));
        }
        out.println();
        out.println(
                colours.bold(count(Level.OK) + " OK, " + count(Level.WARN) + " WARN, " + count(Level.FAIL) + " FAIL"));
    }

    private static void print(Result result, Colours colours, PrintWriter out) {
        String word = result.level().name();
        String padded = word + " ".repeat(WORD - word.length());
        out.println("  " + colours.of(word, padded) + "  " + result.what() + ": " + result.detail());
        String indent = " ".repeat(WORD + 4);
        String before = indent + "fix: ";
        for (String line : result.fix().lines().toList()) {
            out.println(before + line);
            before = indent + "     ";
        }
    }

    void json(PrintWriter out) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Level level : Level.values()) {
            all.put(lower(level), count(level));
        }
        List<Object> checks = new ArrayList<>();
        areas.forEach(area -> area.results().forEach(result -> checks.add(json(area, result))));
        all.put("checks", checks);
        try {
            out.println(MAPPER.writeValueAsString(all));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> json(Preflight.Area area, Result result) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("area", area.name());
        all.put("level", lower(result.level()));
        all.put("what", result.what());
        all.put("detail", result.detail());
        all.put("fix", result.fix());
        return all;
    }

    private static String lower(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
