package bridge.bailey.cli;

/** How a command prints what it has to say: for people, or for programs. */
enum Output {
    TEXT,
    JSON
}
