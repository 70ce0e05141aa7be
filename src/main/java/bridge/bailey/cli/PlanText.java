package bridge.bailey.cli;

import bridge.bailey.model.Item;
import bridge.bailey.model.Printable;
import bridge.bailey.model.ServiceKey;
import bridge.bailey.plan.Change;
import bridge.bailey.plan.Withheld;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Prints plans for people, as a diff: by flow and service, a line for each change. Of many changes of one service that are
 * all alike the first are printed and the others counted, unless all are asked for.
 */
final class PlanText {

    /** Changes of one service that are alike, beyond which they are counted. */
    static final int MOST_ALIKE = 10;

    private static final int LONGEST = 300;

    private final Colours colours;
    private final boolean all;
    private final PrintWriter out;

    /**
     * Makes a printer.
     *
     * @param all whether every change is printed, however many are alike
     */
    PlanText(Colours colours, boolean all, PrintWriter out) {
        this.colours = colours;
        this.all = all;
        this.out = out;
    }

    /**
     * One change as it is printed.
     *
     * @param rank a Service comes before its endpoints
     * @param alike what it has in common with those it is counted with
     */
    private record Line(Colours.Sign sign, String name, int rank, String place, String what, String alike) {
        private static final Comparator<Line> ORDER = Comparator.comparing(Line::sign)
                .thenComparing(Line::rank)
                .thenComparing(Line::name)
                .thenComparing(Line::place);
    }

    /** What a flow has to say of one service. */
    private static final class Group {
        private final Set<String> names = new TreeSet<>();
        private final List<Line> lines = new ArrayList<>();
        private boolean comesOrGoes;
    }

    /** All changes, and what is withheld. */
    void print(List<FlowPlan> plans) {
        plans.stream().filter(plan -> !plan.isEmpty()).forEach(this::print);
    }

    private void print(FlowPlan plan) {
        out.println(colours.bold(plan.flow()));
        Map<ServiceKey, Group> groups = new TreeMap<>();
        plan.changes().forEach(change -> add(groups, change, line(change)));
        plan.withheld().forEach(w -> add(groups, w.change(), line(w)));
        groups.forEach((key, group) -> {
            String reason = plan.planned().reasons().getOrDefault(key, "");
            print(key, group, group.comesOrGoes ? reason : "");
        });
        out.println();
    }

    private static void add(Map<ServiceKey, Group> groups, Change<? extends Item> change, Line line) {
        Group group = groups.computeIfAbsent(change.key(), key -> new Group());
        group.names.add(line.name());
        group.lines.add(line);
        // As in the log: the rule that decided matters where a service comes or goes.
        group.comesOrGoes |= change.action() != Change.Action.UPDATE;
    }

    private static Line line(Change<? extends Item> change) {
        String what = text(change.what());
        Colours.Sign sign = Colours.Sign.of(change.action());
        int rank = change.item().isInstance() ? 1 : 0;
        return new Line(
                sign, text(change.item().name()), rank, text(change.item().place()), what, sign + what);
    }

    private static Line line(Withheld<? extends Item> withheld) {
        Line made = line(withheld.change());
        String why = "withheld (" + words(withheld.reason()) + "): " + word(withheld.change()) + " ";
        return new Line(
                Colours.Sign.WITHHELD, made.name(), made.rank(), made.place(), why + made.what(), why + made.alike());
    }

    private void print(ServiceKey key, Group group, String reason) {
        out.println("  " + colours.bold(text(key.toString())) + " → " + String.join(", ", group.names)
                + (reason.isEmpty() ? "" : "  (" + text(reason) + ")"));
        boolean several = group.names.size() > 1;
        int names = several ? width(group.names) : 0;
        int places = width(group.lines.stream().map(Line::place).collect(Collectors.toSet()));
        Map<String, List<Line>> alike = new LinkedHashMap<>();
        group.lines.stream().sorted(Line.ORDER).forEach(line -> alike.computeIfAbsent(
                        line.alike(), a -> new ArrayList<>())
                .add(line));
        alike.values().forEach(lines -> {
            int shown = all || lines.size() <= MOST_ALIKE ? lines.size() : MOST_ALIKE - 1;
            for (Line line : lines.subList(0, shown)) {
                String name = several ? padded(line.name(), names) + "  " : "";
                String text = name + padded(line.place(), places) + "  " + line.what();
                out.println("    " + colours.of(line.sign(), text.stripTrailing()));
            }
            if (shown < lines.size()) {
                Line first = lines.get(0);
                String text = "… and " + (lines.size() - shown) + " more: " + first.what();
                out.println("    " + colours.of(first.sign(), text));
            }
        });
    }

    /** How many changes of each kind, and why what is withheld is not made. */
    void summary(List<FlowPlan> plans) {
        List<String> parts = new ArrayList<>();
        for (Change.Action action : Change.Action.values()) {
            long count = plans.stream()
                    .flatMap(FlowPlan::changes)
                    .filter(change -> change.action() == action)
                    .count();
            parts.add(count + " to " + action.name().toLowerCase(Locale.ROOT));
        }
        Map<String, Long> withheld = plans.stream()
                .flatMap(FlowPlan::withheld)
                .collect(Collectors.groupingBy(
                        w -> words(w.reason()) + ": " + w.why(), TreeMap::new, Collectors.counting()));
        long total = withheld.values().stream().mapToLong(Long::longValue).sum();
        out.println(colours.bold(String.join(", ", parts) + (total > 0 ? ", " + total + " withheld" : "")));
        withheld.forEach((why, count) ->
                out.println("  " + colours.of(Colours.Sign.WITHHELD, count + " withheld (" + text(why) + ")")));
    }

    private static String word(Change<? extends Item> change) {
        return change.action().name().toLowerCase(Locale.ROOT);
    }

    private static String words(Withheld.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static int width(Set<String> texts) {
        return texts.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    /** What is in the targets others may have written. */
    private static String text(String text) {
        return Printable.of(text, LONGEST);
    }
}
