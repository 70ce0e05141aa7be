package bridge.bailey.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FatalTest {

    private final List<Integer> ends = new ArrayList<>();

    static List<Throwable> fatal() {
        return List.of(
                new OutOfMemoryError("Java heap space"),
                new InternalError("broken"),
                new CompletionException(new IllegalStateException(new OutOfMemoryError("Metaspace"))));
    }

    static List<Throwable> survivable() {
        return List.of(
                new IllegalStateException("a defect"),
                new NoClassDefFoundError("a class"),
                new StackOverflowError(),
                new AssertionError(new StackOverflowError()));
    }

    @ParameterizedTest
    @MethodSource("fatal")
    void anErrorOfTheVirtualMachineEndsTheProcessWhateverItIsWrappedIn(Throwable failure) {
        Fatal.endOn(failure, ends::add);

        assertThat(ends).containsExactly(Fatal.EXIT_CODE);
    }

    @ParameterizedTest
    @MethodSource("survivable")
    void anythingElseDoesNot(Throwable failure) {
        Fatal.endOn(failure, ends::add);

        assertThat(ends).isEmpty();
    }

    @Test
    void causesThatGoInACircleAreFollowedOnlySoFar() {
        Exception first = new Exception("first");
        first.initCause(new Exception("second", first));

        Fatal.endOn(first, ends::add);

        assertThat(ends).isEmpty();
    }
}
