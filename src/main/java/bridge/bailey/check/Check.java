package bridge.bailey.check;

/** One area that is looked at before Bailey runs. To add one, write a class and name it in {@link Checks}. */
public interface Check {

    /** The area, as a heading. */
    String area();

    /**
     * Looks, and reports what it finds; blocks. It is interrupted when its time is over, and what it reported until then
     * counts.
     *
     * @throws Exception if it could not look at all, which is reported as a failure of the area
     */
    void look(Report report) throws Exception;
}
