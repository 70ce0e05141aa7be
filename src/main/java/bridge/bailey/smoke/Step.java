package bridge.bailey.smoke;

/** One thing that is looked at. */
record Step(String name, Look look) {

    /** Looks once. */
    @FunctionalInterface
    interface Look {
        Seen at() throws Failure, InterruptedException;
    }
}
