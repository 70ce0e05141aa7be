package bridge.bailey.smoke;

import bridge.bailey.model.Printable;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;

/**
 * What was answered.
 *
 * @param path that was asked for
 * @param type the media type, or ""
 */
record Answer(String path, int status, String type, String body) {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int LONGEST = 80;
    static final int OK = 200;
    static final int NOT_FOUND = 404;

    /** Itself, if its status is 200. */
    Answer ok() throws Failure {
        if (status != OK) {
            throw Failure.passing(path + " answers with status " + status + beginning());
        }
        return this;
    }

    /** The object or array that it is. */
    JsonNode json() throws Failure {
        notHtml();
        try {
            JsonNode json = MAPPER.readTree(body);
            if (json != null && json.isContainerNode()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            // Told below, without the parser's own words.
        }
        throw Failure.passing(path + " is no JSON" + beginning());
    }

    /** Fails if it is a page for people. */
    void notHtml() throws Failure {
        if (isHtml()) {
            throw Failure.lasting(path + " is a page for people (HTML), status " + status
                    + ": is TARGET_URL that of a web site, or is there a login or a proxy in front of it?");
        }
    }

    boolean isHtml() {
        return type.startsWith("text/html")
                || body.stripLeading().toLowerCase(Locale.ROOT).startsWith("<!doctype html");
    }

    private String beginning() {
        String text = body.strip();
        return text.isEmpty() || isHtml() ? "" : ": " + Printable.of(text, LONGEST);
    }
}
