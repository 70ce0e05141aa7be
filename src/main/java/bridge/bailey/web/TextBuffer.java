package bridge.bailey.web;

import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** A buffer for one thread: {@link java.io.StringWriter} takes a lock for each character, and the metrics have millions. */
final class TextBuffer extends Writer {

    private final StringBuilder text;

    /**
     * Makes an empty buffer.
     *
     * @param expected how many characters are likely to come
     */
    TextBuffer(int expected) {
        text = new StringBuilder(expected);
    }

    @Override
    public void write(int character) {
        text.append((char) character);
    }

    @Override
    public void write(char[] characters, int from, int count) {
        text.append(characters, from, count);
    }

    @Override
    public void write(String string, int from, int count) {
        text.append(string, from, from + count);
    }

    /** What was written, in UTF-8. */
    byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
