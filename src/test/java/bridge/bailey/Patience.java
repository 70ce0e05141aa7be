package bridge.bailey;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * How long tests wait for what has to happen. A test that passes waits no longer than it takes; only one that fails takes all of
 * it, so it is much more than the slowest machine needs. A look that fails, such as a request that is not answered, is not yet
 * what is waited for: the next look counts.
 */
public final class Patience implements LauncherSessionListener {

    private static final Duration ENOUGH = Duration.ofSeconds(60);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(ENOUGH);
        Awaitility.ignoreExceptionsByDefault();
    }
}
