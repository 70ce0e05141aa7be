package bridge.bailey.probe;

/** One thread that does everything, in order. */
interface EventLoop {

    /** From any thread. */
    void execute(Runnable task);

    /** Later; returns what to cancel. */
    long after(long nanos, Runnable task);

    void cancel(long timer);
}
