package bridge.bailey;

import bridge.bailey.model.Printable;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/**
 * Keeps each message of the log on one line, without what would move a terminal: whatever a library repeats of what the cluster,
 * Consul or a machine said can't pose as another line.
 */
@LoggingFilter(name = "printable")
public final class PrintableLog implements Filter {

    private static final int LONGEST_FAILURE = 2000;

    private static final Formatter PLAIN = new PatternFormatter("%s");

    @Override
    public boolean isLoggable(LogRecord record) {
        if (record instanceof ExtLogRecord entry) {
            String message = PLAIN.formatMessage(entry);
            if (message != null && !Printable.isFit(message)) {
                entry.setMessage(Printable.of(message, message.length()), ExtLogRecord.FormatStyle.NO_FORMAT);
                entry.setParameters(null);
            }
        }
        if (record.getThrown() != null && !isFit(record.getThrown())) {
            record.setThrown(new Told(record.getThrown()));
        }
        return true;
    }

    private static boolean isFit(Throwable failure) {
        return Printable.isFit(failure.toString()) && (failure.getCause() == null || isFit(failure.getCause()));
    }

    /** A failure as it may be told, with the traces of the real one. */
    private static final class Told extends Throwable {

        private static final long serialVersionUID = 1L;

        Told(Throwable failure) {
            super(
                    Printable.of(failure.toString(), LONGEST_FAILURE),
                    failure.getCause() == null ? null : new Told(failure.getCause()));
            setStackTrace(failure.getStackTrace());
        }
    }
}
