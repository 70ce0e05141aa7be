package bridge.bailey.consul;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/** The ACL token. One that comes from a file is read again when the file changes. */
final class Token {

    private final Optional<Path> file;
    private Optional<String> value;
    private FileTime readAt = FileTime.fromMillis(0);

    /** A file counts for more than a value, as in Consul's own client. */
    Token(Optional<String> value, Optional<Path> file) {
        this.value = value.map(String::strip).filter(t -> !t.isEmpty());
        this.file = file;
    }

    /** The token to send; empty for none. */
    synchronized Optional<String> current() throws InvalidTokenException {
        if (file.isPresent()) {
            readIfChanged(file.get());
        }
        if (value.isPresent() && !value.get().chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new InvalidTokenException("the Consul token"
                    + file.map(f -> " in " + f).orElse(" of CONSUL_HTTP_TOKEN")
                    + " has characters that no token can have");
        }
        return value;
    }

    private void readIfChanged(Path path) throws InvalidTokenException {
        try {
            FileTime changed = Files.getLastModifiedTime(path);
            if (!changed.equals(readAt)) {
                value = Optional.of(Files.readString(path).strip()).filter(t -> !t.isEmpty());
                readAt = changed;
            }
        } catch (IOException e) {
            if (value.isEmpty()) {
                throw new InvalidTokenException("the token file " + path + " can't be read");
            }
            // While the file is being replaced, the last token serves on.
        }
    }
}
