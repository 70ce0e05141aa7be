package bridge.bailey.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells where each instance of a service came from, what became of it, and which rule decided. */
@Command(
        name = "explain",
        description = {
            "Tells of each instance of a service, on both sides, where it comes from, how everyone judges it, and what"
                    + " it became in the other world, or exactly why it did not.",
            "It asks the running daemon, which alone knows history and probes. In a cluster: kubectl exec deploy/bailey"
                    + " -- java -jar quarkus-run.jar explain shop/billing"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:told", "1:error: no such service, or no answer"})
final class ExplainCommand implements Callable<Integer>, AsksDaemon {

    @Mixin
    DaemonOptions daemon;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws DaemonClient.NoAnswer {
        DaemonClient.Answer answer = daemon.ask();
        PrintWriter out = spec.commandLine().getOut();
        switch (daemon.output) {
            case TEXT -> new ExplainOutput(answer.json(), Colours.ofTerminal(), out).print();
            case JSON -> out.println(answer.text());
        }
        out.flush();
        return 0;
    }
}
