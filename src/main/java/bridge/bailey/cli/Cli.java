package bridge.bailey.cli;

import bridge.bailey.config.ConfigException;
import bridge.bailey.config.Settings;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line. */
@Command(
        name = "bailey",
        description = {
            "Bridges a legacy estate of virtual machines and Kubernetes while a company migrates.",
            "",
            "Configured by application.yaml in ./config, by BAILEY_… variables, and by the standard variables of"
                    + " Consul and Kubernetes (CONSUL_HTTP_ADDR, KUBECONFIG, …): see docs/configuration.md.",
            ""
        },
        subcommands = {
            RunCommand.class,
            PlanCommand.class,
            ExplainCommand.class,
            VerdictCommand.class,
            ReleaseCommand.class,
            CheckCommand.class,
            SmokeCommand.class,
            PurgeCommand.class,
            AdoptCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "[COMMAND]",
        commandListHeading = "%nCommands (run is the default):%n",
        footer = {
            "",
            "Exit codes: 0 all is well or done, 1 error, 2 an answer: some changes (plan), no (verdict), warnings (check"
                    + " --strict), something is left (purge, adopt).",
            "explain and verdict ask a running Bailey: at --url, or BAILEY_URL."
        })
public final class Cli {

    /** What went wrong, for every command; 2 is an answer: such as "some changes" of {@code plan}. */
    static final int ERROR = 1;

    private Cli() {}

    /**
     * Does what needs no Quarkus: help, version, the commands that only ask a daemon, and the check of arguments and
     * configuration.
     *
     * @return the exit code if that is all, or empty if the command is to be executed
     */
    public static Optional<Integer> beforeStart(String... args) {
        CommandLine line = line(null);
        ParseResult parsed;
        try {
            parsed = line.parseArgs(args);
        } catch (ParameterException e) {
            PrintWriter err = line.getErr();
            err.println(Ansi.AUTO.text("@|red " + e.getMessage() + "|@"));
            e.getCommandLine().usage(err);
            return Optional.of(ERROR);
        }
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return Optional.of(helped);
        }
        if (parsed.hasSubcommand() && parsed.subcommand().commandSpec().userObject() instanceof AsksDaemon) {
            return Optional.of(line.execute(args));
        }
        try {
            Settings.load();
        } catch (ConfigException e) {
            line.getErr().println(e.getMessage());
            return Optional.of(ERROR);
        }
        boolean once = parsed.hasSubcommand()
                && !parsed.subcommand().commandSpec().name().equals("run");
        if (once) {
            ONE_SHOT.forEach(System::setProperty);
        }
        return Optional.empty();
    }

    /** A command that ends by itself serves no HTTP, and leaves standard output to what it prints. */
    private static final Map<String, String> ONE_SHOT = Map.of(
            "quarkus.http.host-enabled", "false",
            "quarkus.log.console.stderr", "true",
            "quarkus.log.level", "WARN");

    /** Executes the command; returns the exit code. */
    public static int execute(Daemon daemon, String... args) {
        String[] command = args.length == 0 ? new String[] {"run"} : args;
        return line(daemon).execute(command);
    }

    static CommandLine line(Daemon daemon) {
        CommandLine line = new CommandLine(new Cli(), new CommandFactory(daemon));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(Ansi.AUTO.text("@|red Error:|@ ") + failure.getMessage());
            return ERROR;
        });
        return line;
    }

    /** Gives the commands what they work with. */
    private record CommandFactory(Daemon daemon) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == RunCommand.class) {
                return type.cast(new RunCommand(daemon));
            }
            if (type == PlanCommand.class) {
                return type.cast(new PlanCommand(daemon));
            }
            if (type == CheckCommand.class) {
                return type.cast(new CheckCommand(daemon));
            }
            if (type == PurgeCommand.class) {
                return type.cast(new PurgeCommand(daemon, () -> daemon.runningBailey(), Terminal.ofProcess()));
            }
            if (type == AdoptCommand.class) {
                return type.cast(new AdoptCommand(daemon, Terminal.ofProcess()));
            }
            return CommandLine.defaultFactory().create(type);
        }
    }
}
