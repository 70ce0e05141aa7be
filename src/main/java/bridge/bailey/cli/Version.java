package bridge.bailey.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What was built, as the build wrote it down. */
public final class Version implements IVersionProvider {

    private final Properties properties = new Properties();

    public Version() {
        try (InputStream in = Version.class.getResourceAsStream("/bailey-build.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String version() {
        return properties.getProperty("version");
    }

    /** The commit, or "unknown" where the build had none. */
    public String revision() {
        String revision = properties.getProperty("revision", "");
        return revision.isEmpty() || revision.startsWith("$") ? "unknown" : revision;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "bailey " + version() + " (" + revision() + ")",
            "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.vm.name")
        };
    }
}
