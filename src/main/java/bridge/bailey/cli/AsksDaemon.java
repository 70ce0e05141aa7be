package bridge.bailey.cli;

/** A command that only asks a running daemon: it needs neither Quarkus nor a configuration. */
interface AsksDaemon {}
