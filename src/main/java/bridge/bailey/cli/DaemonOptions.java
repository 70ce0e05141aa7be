package bridge.bailey.cli;

import bridge.bailey.model.ServiceKey;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands that ask a running daemon have in common. */
final class DaemonOptions {

    /** How the answer is printed. */
    enum Output {
        TEXT,
        JSON
    }

    @Parameters(
            paramLabel = "NAMESPACE/NAME",
            converter = ServiceName.class,
            description = "The service, such as shop/billing.")
    ServiceKey service;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:BAILEY_URL:-http://localhost:${env:QUARKUS_HTTP_PORT:-8080}}",
            description = {
                "Where the daemon serves HTTP; or BAILEY_URL. Default: ${DEFAULT-VALUE}, which is right inside its pod."
            })
    String url;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json; default: ${DEFAULT-VALUE}.")
    Output output;

    /** What the daemon knows of the service. */
    DaemonClient.Answer ask() throws DaemonClient.NoAnswer {
        return new DaemonClient(url).service(service);
    }
}
