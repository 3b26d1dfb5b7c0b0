package dev.tollgate.console;

import dev.tollgate.console.HealthChecks.Check;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What must work, and whether it does. */
final class HealthPage {
    private final Shell shell;

    HealthPage(Shell shell) {
        this.shell = shell;
    }

    /**
     * What the page shows.
     *
     * @param checks made just now
     * @param uptime since the process started
     * @param heapBytes in use
     */
    record View(
            Frame frame, List<Check> checks, Duration uptime, long heapBytes, ConsoleSettings settings, Instant now) {
        boolean isReady() {
            return checks.stream().allMatch(Check::ok);
        }
    }

    List<Route> routes() {
        return List.of(Route.get("/health", Access.PAGE, Need.VIEWER, this::page));
    }

    private Future<Reply> page(Call call) {
        Runtime runtime = Runtime.getRuntime();
        return shell.page(
                call,
                Frame.Section.HEALTH,
                "health",
                shell.checks(),
                (frame, checks) -> new View(
                        frame,
                        checks,
                        Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()),
                        runtime.totalMemory() - runtime.freeMemory(),
                        shell.settings(),
                        shell.now()));
    }
}
