package dev.tollgate.console;

import dev.tollgate.budget.Ledger.LiveHold;
import dev.tollgate.budget.Standing;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.policy.Mode;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every budget that whoever looks may see, with its counters, and what is held by whom. */
final class BudgetPage {
    private static final int MAX_HOLDS_SHOWN = 50;

    private final Shell shell;

    BudgetPage(Shell shell) {
        this.shell = shell;
    }

    /**
     * What the page shows.
     *
     * @param board where budgets stand
     * @param rows the fullest of each budget
     */
    record View(Frame frame, BudgetBoard.View board, Rows<Standing.Row> rows) {
        Instant now() {
            return board.now();
        }

        /** Whether nothing is left out because it is other teams'. */
        boolean isOfAll() {
            return Need.VIEWER_OF_ALL.isMetBy(frame.person());
        }

        boolean isWhole() {
            return board.isWhole();
        }

        boolean isObserved(Standing.Row row) {
            return row.budget().mode() != Mode.ENFORCE;
        }

        String startsAnew(Standing.Row row) {
            return row.startsAnew().equals(Instant.MAX) ? "never" : Format.time(row.startsAnew(), now());
        }

        /** Live reservations, the oldest first, each once. */
        List<LiveHold> holds() {
            Map<String, LiveHold> holds = new LinkedHashMap<>();
            board.rows()
                    .forEach(row -> row.holds()
                            .forEach(hold -> holds.putIfAbsent(hold.exchange().value(), hold)));
            return List.copyOf(holds.values());
        }

        /** The oldest of them. */
        List<LiveHold> holdsShown() {
            return holds().stream().limit(MAX_HOLDS_SHOWN).toList();
        }

        String age(LiveHold hold) {
            return Format.length(Duration.between(hold.since(), now()));
        }
    }

    List<Route> routes() {
        return List.of(Route.get("/budgets", Access.PAGE, Need.VIEWER, this::page));
    }

    private Future<Reply> page(Call call) {
        return shell.page(
                call,
                Frame.Section.BUDGETS,
                "budgets",
                shell.budgets(call),
                (frame, board) -> new View(frame, board, Rows.of(board.rows(), call, "/budgets")));
    }
}
