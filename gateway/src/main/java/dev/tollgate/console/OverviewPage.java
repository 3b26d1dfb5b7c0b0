package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.audit.AuditIndex.SpendRow;
import dev.tollgate.budget.Standing;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The first page: today in figures, the newest calls, budgets; and how to begin where nothing has come in yet. */
final class OverviewPage {
    private static final int LATEST = 8;
    private static final int TOP = 6;
    private static final int BUDGETS = 6;

    private final Shell shell;

    OverviewPage(Shell shell) {
        this.shell = shell;
    }

    /**
     * What the page shows.
     *
     * @param live figures and latest calls
     */
    record View(Frame frame, LivePiece live) {}

    /**
     * What its live piece shows.
     *
     * @param totals of today
     * @param waiting tickets that wait for a decision
     * @param latest newest calls
     * @param agents dearest agents of today
     * @param budgets fullest budgets; empty where they cannot be read
     * @param settings for the lines of the first run
     */
    record Live(
            SpendRow totals,
            int waiting,
            List<ExchangeView> latest,
            List<SpendRow> agents,
            Optional<List<Standing.Row>> budgets,
            ConsoleSettings settings,
            Instant now) {
        boolean isBudgetsAway() {
            return budgets.isEmpty();
        }

        List<Standing.Row> fullest() {
            return budgets.orElse(List.of());
        }

        boolean isFirstRun() {
            return latest.isEmpty();
        }
    }

    List<Route> routes() {
        return List.of(
                Route.get("/", Access.PAGE, Need.VIEWER, this::page),
                Route.get("/overview/live", Access.POLL, Need.VIEWER, this::piece));
    }

    private Future<Reply> page(Call call) {
        return shell.page(call, Frame.Section.OVERVIEW, "overview", live(call), View::new);
    }

    private Future<Reply> piece(Call call) {
        return live(call)
                .map(live -> call.query().get("seen").equals(live.seen())
                        ? Reply.unchanged()
                        : Reply.html(200, shell.templates().render("overviewLive", live)));
    }

    private Future<Optional<List<Standing.Row>>> budgets(Call call) {
        return shell.budgets(call)
                .map(view -> Optional.of(view.fullest(BUDGETS)))
                .otherwise(Optional.empty());
    }

    private Future<LivePiece> live(Call call) {
        Instant now = shell.now();
        Instant today = shell.today();
        Future<List<ExchangeRow>> latest = shell.index(call).recent(Filter.ALL, LATEST);
        Future<List<SpendRow>> agents = shell.index(call).spend(today, now.plusSeconds(1), Dimension.AGENT);
        Future<Optional<List<Standing.Row>>> budgets = budgets(call);
        Future<Integer> waiting = shell.waiting(call);
        return Future.all(latest, agents, budgets, waiting)
                .map(all -> shell.piece(
                        "overviewFigures",
                        new Live(
                                SpendPage.total(agents.result()),
                                waiting.result(),
                                latest.result().stream().map(ExchangeView::new).toList(),
                                agents.result().stream().limit(TOP).toList(),
                                budgets.result(),
                                shell.settings(),
                                now)));
    }
}
