package bridge.bailey.consul;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The ACL token that a variable or a file holds. A file is read for each request: it is a few bytes, and neither its time nor
 * its size need change when Kubernetes swaps the link by which a pod sees a Secret.
 */
final class GivenToken implements Tokens {

    private final Optional<Path> file;
    private volatile Optional<String> value;

    /** A file counts for more than a value, as in Consul's own client. */
    GivenToken(Optional<String> value, Optional<Path> file) {
        this.value =
                file.isPresent() ? Optional.empty() : value.map(String::strip).filter(t -> !t.isEmpty());
        this.file = file;
    }

    @Override
    public Optional<String> current() throws ConsulException {
        if (file.isPresent()) {
            value = Optional.of(read(file.get()));
        }
        if (value.isPresent() && !value.get().chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new ConsulException(
                    ConsulException.NO_ANSWER, "the " + origin() + " has characters that no token can have");
        }
        return value;
    }

    /** While the file is being replaced, the last token serves on. */
    private String read(Path path) throws ConsulException {
        String text = "";
        String trouble = " is empty";
        try {
            text = Files.readString(path).strip();
        } catch (IOException e) {
            trouble = " can't be read";
        }
        if (text.isEmpty() && value.isEmpty()) {
            throw new ConsulException(ConsulException.NO_ANSWER, "the token file " + path + trouble);
        }
        return text.isEmpty() ? value.get() : text;
    }

    /** It may have come while the request was under way. */
    @Override
    public boolean replaced(String unknown) {
        try {
            return current().filter(token -> !token.equals(unknown)).isPresent();
        } catch (ConsulException e) {
            return false;
        }
    }

    @Override
    public String origin() {
        return file.map(path -> "token in " + path).orElse("token of CONSUL_HTTP_TOKEN");
    }
}
