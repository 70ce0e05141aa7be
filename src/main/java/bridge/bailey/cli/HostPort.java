package bridge.bailey.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code host:port}, IPv6 in brackets. */
final class HostPort implements ITypeConverter<String> {

    @Override
    public String convert(String text) {
        if (!text.matches("([A-Za-z0-9.-]+|\\[[0-9a-fA-F:]+]):[0-9]{1,5}")) {
            throw new TypeConversionException("must be host:port, such as 127.0.0.1:8600 or [::1]:8600");
        }
        return text;
    }
}
