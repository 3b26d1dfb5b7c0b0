package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.audit.AuditIndex.SpendRow;
import dev.tollgate.console.Route.Access;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

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
     * @param budgets fullest budgets
     * @param settings for the lines of the first run
     */
    record Live(
            SpendRow totals,
            int waiting,
            List<ExchangeView> latest,
            List<SpendRow> agents,
            List<BudgetView.Level> budgets,
            ConsoleSettings settings,
            Instant now) {
        boolean isFirstRun() {
            return latest.isEmpty();
        }
    }

    List<Route> routes() {
        return List.of(Route.get("/", Access.PAGE, this::page), Route.get("/overview/live", Access.POLL, this::piece));
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

    private Future<LivePiece> live(Call call) {
        Instant now = shell.now();
        Instant today = shell.today();
        Future<List<ExchangeRow>> latest = shell.rooms().index().recent(Filter.ALL, LATEST);
        Future<List<SpendRow>> agents = shell.rooms().index().spend(today, now.plusSeconds(1), Dimension.AGENT);
        Future<List<BudgetView.Level>> budgets = shell.rooms().budgets().levels();
        Future<Frame> frame = shell.frame(call, Frame.Section.OVERVIEW, "");
        return Future.all(latest, agents, budgets, frame)
                .map(all -> shell.piece(
                        "overviewFigures",
                        new Live(
                                SpendPage.total(agents.result()),
                                frame.result().waiting(),
                                latest.result().stream().map(ExchangeView::new).toList(),
                                agents.result().stream().limit(TOP).toList(),
                                budgets.result().stream().limit(BUDGETS).toList(),
                                shell.settings(),
                                now)));
    }
}
