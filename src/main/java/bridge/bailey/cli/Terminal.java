package bridge.bailey.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;

/** The person at the terminal, if there is one. */
@FunctionalInterface
interface Terminal {

    /** Asks, and returns the answer; empty if there is nobody to ask. */
    Optional<String> ask(String question);

    /**
     * Asks before something is removed, and returns the answer.
     *
     * @throws IllegalStateException if there is nobody to ask; the message names the options that do without
     */
    default String askBeforeRemoving(String question) {
        return ask(question)
                .orElseThrow(() -> new IllegalStateException(
                        "there is no terminal on which to ask: --yes removes without asking, --dry-run shows what"))
                .strip();
    }

    /** The one on which the process was started. */
    @SuppressWarnings("SystemConsoleNull") // on 17 it is null where there is none, on 22 and newer isTerminal tells
    static Terminal ofProcess() {
        return question -> {
            Console console = System.console();
            return console == null || !isTerminal(console)
                    ? Optional.empty()
                    : Optional.of(Optional.ofNullable(console.readLine("%s", question))
                            .orElse(""));
        };
    }

    /** Since Java 22 there is a console also where there is no terminal, and it tells; before, there is none. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}
