package bridge.bailey.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GivenTokenTest {

    private static final FileTime THEN = FileTime.fromMillis(1_000_000_000_000L);

    @TempDir
    private Path folder;

    private static GivenToken of(Path file) {
        return new GivenToken(Optional.of("unused"), Optional.of(file));
    }

    @Test
    void aVariableIsTakenWithoutBlanksAround() throws ConsulException {
        assertThat(new GivenToken(Optional.of(" t1\n"), Optional.empty()).current())
                .hasValue("t1");
        assertThat(new GivenToken(Optional.of(" "), Optional.empty()).current()).isEmpty();
        assertThat(new GivenToken(Optional.empty(), Optional.empty()).current()).isEmpty();
    }

    @Test
    void aSecretThatKubernetesSwapsIsReadThoughNeitherTimeNorSizeChange() throws IOException {
        version("..1", "token-1");
        version("..2", "token-2");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
        Path mounted = Files.createSymbolicLink(folder.resolve("token"), Path.of("..data", "token"));
        GivenToken token = of(mounted);
        assertThat(token.current()).hasValue("token-1");

        // As the kubelet's atomic writer does it: a new link takes the place of the old one.
        Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2"));
        Files.move(next, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(Files.getLastModifiedTime(mounted)).isEqualTo(THEN);
        assertThat(token.current()).hasValue("token-2");
    }

    private void version(String name, String value) throws IOException {
        Path file = Files.createDirectory(folder.resolve(name)).resolve("token");
        Files.writeString(file, value + "\n");
        Files.setLastModifiedTime(file, THEN);
    }

    @Test
    void whileTheFileIsAwayOrEmptyTheLastTokenServesOn() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "t1");
        GivenToken token = of(file);
        assertThat(token.current()).hasValue("t1");

        Files.writeString(file, "");
        assertThat(token.current()).hasValue("t1");
        Files.delete(file);
        assertThat(token.current()).hasValue("t1");
        Files.writeString(file, "t2");
        assertThat(token.current()).hasValue("t2");
    }

    @Test
    void aFileThatNeverHeldATokenIsNamed() throws IOException {
        Path file = folder.resolve("token");
        assertThatThrownBy(() -> of(file).current()).hasMessage("the token file " + file + " can't be read");
        Files.writeString(file, "\n");
        assertThatThrownBy(() -> of(file).current()).hasMessage("the token file " + file + " is empty");
    }

    @Test
    void whatCannotBeATokenIsNotQuoted() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "s3cr3t s3cr3t");
        assertThatThrownBy(() -> of(file).current())
                .hasMessage("the token in " + file + " has characters that no token can have");
        assertThatThrownBy(() -> new GivenToken(Optional.of("s3cr\u00e9t"), Optional.empty()).current())
                .hasMessage("the token of CONSUL_HTTP_TOKEN has characters that no token can have");
    }

    @Test
    void oneThatConsulDoesNotKnowIsReplacedOnlyIfTheFileHoldsAnother() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "t1");
        GivenToken token = of(file);
        assertThat(token.replaced("t1")).isFalse();
        Files.writeString(file, "t2");
        assertThat(token.replaced("t1")).isTrue();
        assertThat(new GivenToken(Optional.of("t1"), Optional.empty()).replaced("t1"))
                .isFalse();
    }
}
