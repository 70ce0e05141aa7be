package bridge.bailey.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * Ends the process on an error of the virtual machine, such as an {@link OutOfMemoryError}: what the thread that met it left
 * undone nobody knows, and what is in Consul and in the cluster serves on until the pod was started again. For the loops that
 * go on after any other failure, and for threads that nobody watches.
 *
 * <p>{@code -XX:+ExitOnOutOfMemoryError} is the first line, since it ends the process whoever catches the error; this is the
 * second, for errors that are not of the heap, and for those who forgot the flag. A {@link StackOverflowError} is not meant: its
 * memory was given back, and one odd object must not end the process again and again.
 */
public final class Fatal {

    /** That of {@code -XX:+ExitOnOutOfMemoryError}. */
    public static final int EXIT_CODE = 3;

    private static final int DEEPEST_CAUSE = 10;

    /** Made beforehand: when it is needed there may be no memory for it. */
    private static final byte[] LAST_WORDS =
            "Bailey ends: the virtual machine is broken or out of memory\n".getBytes(StandardCharsets.UTF_8);

    private static final FileOutputStream STANDARD_ERROR = new FileOutputStream(FileDescriptor.err);

    private Fatal() {}

    /** Threads that end by such an error end the process from now on; other failures go where they went. */
    public static void install() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            endOn(failure);
            if (before != null) {
                before.uncaughtException(thread, failure);
            } else {
                thread.getThreadGroup().uncaughtException(thread, failure);
            }
        });
    }

    /** Ends the process at once if this is, or was caused by, an error of the virtual machine; else does nothing. */
    public static void endOn(Throwable failure) {
        endOn(failure, Runtime.getRuntime()::halt);
    }

    static void endOn(Throwable failure, IntConsumer halt) {
        if (isFatal(failure)) {
            try {
                STANDARD_ERROR.write(LAST_WORDS);
            } catch (IOException e) {
                // Then it ends without a word.
            } finally {
                // No hooks: they may wait for what will not come.
                halt.accept(EXIT_CODE);
            }
        }
    }

    private static boolean isFatal(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
