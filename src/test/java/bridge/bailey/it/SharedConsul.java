package bridge.bailey.it;

import bridge.bailey.local.LocalConsul;

/** One Consul agent for all tests that leave it as it is; each has a cluster name, and so a node, of its own. */
public final class SharedConsul {

    private static LocalConsul consul;

    private SharedConsul() {}

    public static synchronized LocalConsul get() {
        if (consul == null) {
            consul = LocalConsul.start();
            Runtime.getRuntime().addShutdownHook(new Thread(consul::close));
        }
        return consul;
    }
}
