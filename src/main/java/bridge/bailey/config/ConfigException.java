package bridge.bailey.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration is wrong; the message lists all that is wrong with it. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(problems.stream()
                .map(p -> "  " + p.text())
                .collect(Collectors.joining(
                        "\n",
                        "Bailey can't start: " + problems.size() + (problems.size() == 1 ? " problem" : " problems")
                                + " in its configuration (see docs/configuration.md):\n",
                        "")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
