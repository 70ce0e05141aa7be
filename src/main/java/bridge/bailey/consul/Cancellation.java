package bridge.bailey.consul;

import okhttp3.Call;

/** Gives up a request from another thread, whether it has begun or not. For one request after the other. */
public final class Cancellation {

    private Call call;
    private boolean cancelled;

    /** The request in flight fails at once, and so does each later one. */
    public synchronized void cancel() {
        cancelled = true;
        if (call != null) {
            call.cancel();
        }
    }

    synchronized Call of(Call next) {
        call = next;
        if (cancelled) {
            next.cancel();
        }
        return next;
    }
}
