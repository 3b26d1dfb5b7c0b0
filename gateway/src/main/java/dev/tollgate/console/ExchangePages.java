package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.console.Route.Access;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/** Calls and what every stage said of them. */
final class ExchangePages {
    /** Results to choose from: {@code open}, and what {@code AuditRecord.Ended} lists. */
    private static final List<String> RESULTS =
            List.of("open", "completed", "denied", "provider_error", "client_gone", "internal_error", "cut", "aborted");

    private final Shell shell;

    ExchangePages(Shell shell) {
        this.shell = shell;
    }

    /**
     * What the list shows.
     *
     * @param filter in force
     * @param results to choose from
     * @param rows newest first
     * @param older link to older ones; empty where there are none
     */
    record ListView(
            Frame frame, Filter filter, List<String> results, List<ExchangeView> rows, String older, Instant now) {
        boolean isFiltered() {
            return !(filter.agent() + filter.session() + filter.result()).isEmpty();
        }
    }

    /** What the page of one exchange shows. */
    record DetailView(Frame frame, ExchangeView exchange, Instant now) {}

    List<Route> routes() {
        return List.of(
                Route.get("/exchanges", Access.PAGE, this::list),
                Route.get("/exchanges/{id}", Access.PAGE, this::detail));
    }

    /** The filter that a query asks for. */
    static Filter filter(Parameters query) {
        String before = query.get("before");
        try {
            return new Filter(
                    query.get("agent"),
                    query.get("session"),
                    query.get("result"),
                    before.isEmpty() ? Instant.MAX : Instant.parse(before));
        } catch (DateTimeParseException malformed) {
            throw Refused.badRequest("before must be a time like 2026-11-21T14:00:00Z");
        }
    }

    private Future<Reply> list(Call call) {
        Filter filter = filter(call.query());
        Future<List<ExchangeView>> rows = shell.rooms()
                .index()
                .recent(filter, Limits.MAX_ROWS_SHOWN)
                .map(found -> found.stream().map(ExchangeView::new).toList());
        return shell.page(
                call,
                Frame.Section.EXCHANGES,
                "exchanges",
                rows,
                (frame, found) -> new ListView(frame, filter, RESULTS, found, older(filter, found), shell.now()));
    }

    private Future<Reply> detail(Call call) {
        Future<ExchangeView> found = shell.rooms()
                .index()
                .find(call.id())
                .map(row -> row.map(ExchangeView::new)
                        .orElseThrow(() -> Refused.notFound("the log holds no exchange of this id")));
        return shell.page(
                call,
                Frame.Section.EXCHANGES,
                "exchange",
                found,
                (frame, exchange) -> new DetailView(frame, exchange, shell.now()));
    }

    private static String older(Filter filter, List<ExchangeView> rows) {
        if (rows.size() < Limits.MAX_ROWS_SHOWN) {
            return "";
        }
        Instant last = rows.get(rows.size() - 1).received().at();
        return "/exchanges?agent=" + Format.url(filter.agent()) + "&session=" + Format.url(filter.session())
                + "&result=" + Format.url(filter.result()) + "&before=" + Format.url(last.toString());
    }
}
