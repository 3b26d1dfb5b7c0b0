package dev.tollgate.console;

import io.vertx.core.Future;
import java.util.List;

/** What must work for calls to be served: stores, journal, policy. */
@FunctionalInterface
public interface HealthChecks {
    /** Checks everything once. A check that cannot be made is one that fails, not a failed future. */
    Future<List<Check>> run();

    /**
     * @param name stable lower_snake_case
     * @param ok whether it works
     * @param detail one sentence for people
     */
    record Check(String name, boolean ok, String detail) {}
}
