package bridge.bailey.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Tells whether a step of the cutover is safe, for people and for scripts. */
@Command(
        name = "verdict",
        description = {
            "Tells whether it is safe to move on with the cutover of one service, and what speaks against it.",
            "It asks the running daemon, which alone knows how long things have been as they are, and what probes"
                    + " found. docs/cutover.md has the rules."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:yes, to each step asked for", "2:no", "1:error: no such service, or no answer"})
final class VerdictCommand implements Callable<Integer>, AsksDaemon {

    private static final int NO = 2;
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Mixin
    DaemonOptions daemon;

    @Option(
            names = "--for",
            paramLabel = "STEP",
            converter = StepName.class,
            description = "shift (send all traffic to Kubernetes) or stop-vms; default: both.")
    Step step;

    @Spec
    CommandSpec spec;

    /** The steps of a cutover, as the JSON names them. */
    enum Step {
        SHIFT("shift", "shift", "shift"),
        STOP_VMS("stop-vms", "stopVms", "stop the VMs");

        private final String name;
        private final String field;
        private final String words;

        Step(String name, String field, String words) {
            this.name = name;
            this.field = field;
            this.words = words;
        }

        String words() {
            return words;
        }

        boolean safe(JsonNode detail) {
            return detail.path("service").path("verdict").path(field).asBoolean();
        }

        boolean blockedBy(JsonNode rule) {
            for (JsonNode blocked : rule.path("blocks")) {
                if (blocked.asText().equals(name)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Reads the name of a step. */
    static final class StepName implements ITypeConverter<Step> {
        @Override
        public Step convert(String text) {
            for (Step step : Step.values()) {
                if (step.name.equalsIgnoreCase(text)) {
                    return step;
                }
            }
            throw new TypeConversionException("must be shift or stop-vms");
        }
    }

    @Override
    public Integer call() throws DaemonClient.NoAnswer, JsonProcessingException {
        JsonNode detail = daemon.ask().json();
        List<Step> steps = Optional.ofNullable(step).map(List::of).orElse(List.of(Step.values()));
        PrintWriter out = spec.commandLine().getOut();
        switch (daemon.output) {
            case TEXT -> print(detail, steps, out);
            case JSON -> out.println(MAPPER.writeValueAsString(json(detail)));
        }
        out.flush();
        return steps.stream().allMatch(asked -> asked.safe(detail)) ? 0 : NO;
    }

    private void print(JsonNode detail, List<Step> steps, PrintWriter out) {
        Colours colours = Colours.ofTerminal();
        out.println(colours.bold(daemon.service.toString()));
        VerdictOutput output = new VerdictOutput(detail, colours, out);
        steps.forEach(asked -> output.print(asked, "  "));
        output.notes("  ");
    }

    private ObjectNode json(JsonNode detail) {
        ObjectNode all = MAPPER.createObjectNode();
        all.set("takenAt", detail.path("takenAt"));
        all.put("namespace", daemon.service.namespace());
        all.put("name", daemon.service.name());
        for (Step each : Step.values()) {
            all.put(each.field, each.safe(detail));
        }
        all.set("rules", detail.path("rules"));
        all.set("notes", detail.path("notes"));
        return all;
    }
}
