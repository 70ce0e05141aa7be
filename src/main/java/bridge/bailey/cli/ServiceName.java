package bridge.bailey.cli;

import bridge.bailey.model.ServiceKey;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code namespace/name}. */
final class ServiceName implements ITypeConverter<ServiceKey> {

    @Override
    public ServiceKey convert(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2 || parts[0].isBlank() || parts[1].isBlank()) {
            throw new TypeConversionException("must be namespace/name, such as shop/billing");
        }
        return new ServiceKey(parts[0], parts[1]);
    }
}
