package bridge.bailey.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets go what the deletion guard withholds. */
@Command(
        name = "release",
        description = {
            "Lets go what the deletion guard withholds now of one flow. What comes later is judged anew.",
            "Only inside the pod of the replica that leads. From elsewhere: kubectl annotate lease bailey"
                    + " bailey.bridge/release=to-consul. bailey plan shows what is withheld."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:released, or nothing was withheld", "1:error"})
final class ReleaseCommand implements Callable<Integer>, AsksDaemon {

    @Parameters(paramLabel = "FLOW", description = "to-consul or to-kubernetes.")
    String flow;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://localhost:${env:QUARKUS_HTTP_PORT:-8080}",
            description = "Where the daemon serves HTTP on this machine. Default: ${DEFAULT-VALUE}.")
    String url;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws DaemonClient.NoAnswer {
        JsonNode answer = new DaemonClient(url).release(flow);
        PrintWriter out = spec.commandLine().getOut();
        out.println(flow + ": " + answer.path("message").asText());
        out.flush();
        return 0;
    }
}
