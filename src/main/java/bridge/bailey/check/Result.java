package bridge.bailey.check;

import bridge.bailey.model.Printable;

/**
 * What was found.
 *
 * @param what the object and field, such as {@code Service shop/users spec.internalTrafficPolicy}
 * @param detail what it is like, and what follows from that
 * @param fix a command, or lines of YAML or HCL; "" if all is well
 */
public record Result(Level level, String what, String detail, String fix) {

    private static final int LONGEST = 500;

    /** Names and messages come from the systems that were asked, and must not forge a line. */
    public Result {
        what = Printable.of(what, LONGEST);
        detail = Printable.of(detail, LONGEST);
    }
}
