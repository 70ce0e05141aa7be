package bridge.bailey.probe;

import bridge.bailey.model.Health;

/**
 * The measured health of one target: it changes only when as many probes in a row say so as asked for, from UNKNOWN too.
 *
 * @param passes in a row until now, and
 * @param failures likewise; one of them is 0
 */
record Hysteresis(Health measured, int passes, int failures) {

    static final Hysteresis NEW = new Hysteresis(Health.UNKNOWN, 0, 0);

    Hysteresis passed(int rise) {
        int row = next(passes, rise);
        return new Hysteresis(row >= rise ? Health.HEALTHY : measured, row, 0);
    }

    Hysteresis failed(int fall) {
        int row = next(failures, fall);
        return new Hysteresis(row >= fall ? Health.UNHEALTHY : measured, 0, row);
    }

    /** Counts no further than it matters. */
    private static int next(int row, int enough) {
        return row >= enough ? row : row + 1;
    }
}
