package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;

/** Calls and what every stage said of them. */
final class ExchangePages {
    /** Results to choose from: {@code open}, and what {@code AuditRecord.Ended} lists. */
    private static final List<String> RESULTS = List.of(
            "open",
            "completed",
            "denied",
            "provider_error",
            "client_gone",
            "internal_error",
            "cut",
            "blocked",
            "aborted");

    private final Shell shell;

    ExchangePages(Shell shell) {
        this.shell = shell;
    }

    /**
     * What the list shows.
     *
     * @param filter in force
     * @param text what is looked for in what was said; empty for nothing
     * @param results to choose from
     * @param found newest first
     * @param older link to older ones; empty where there are none
     */
    record ListView(
            Frame frame,
            Filter filter,
            String text,
            List<String> results,
            TextSearch.Found found,
            String older,
            Instant now) {
        boolean isFiltered() {
            return filter.isNarrow() || !text.isEmpty();
        }

        List<ExchangeView> rows() {
            return found.rows();
        }

        /** The least cost that was asked for, in dollars; empty for none. */
        String minCost() {
            return filter.minCostNanos() == 0 ? "" : ExchangePages.dollars(filter.minCostNanos());
        }
    }

    /**
     * What the page of one exchange shows.
     *
     * @param held tickets that it waited for
     */
    record DetailView(Frame frame, ExchangeView exchange, List<HeldView> held, Instant now) {}

    List<Route> routes() {
        return List.of(
                Route.get("/exchanges", Access.PAGE, Need.VIEWER, this::list),
                Route.get("/exchanges/{id}", Access.PAGE, Need.VIEWER, this::detail));
    }

    /** The filter that a query asks for. */
    static Filter filter(Parameters query) {
        String before = query.get("before");
        try {
            return new Filter(
                    query.get("agent"),
                    query.get("team"),
                    query.get("session"),
                    query.get("result"),
                    query.get("model"),
                    query.get("rule"),
                    nanos(query.get("min_cost")),
                    before.isEmpty() ? Instant.MAX : Instant.parse(before));
        } catch (DateTimeParseException malformed) {
            throw Refused.badRequest("before must be a time like 2026-11-21T14:00:00Z");
        }
    }

    private static long nanos(String dollars) {
        try {
            return dollars.isEmpty() ? 0 : NanoUsd.ofDollars(dollars).nanos();
        } catch (IllegalArgumentException malformed) {
            throw Refused.badRequest("min_cost must be dollars such as 0.25, with at most 9 decimals");
        }
    }

    private static String dollars(long nanos) {
        return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
    }

    private Future<Reply> list(Call call) {
        Filter filter = filter(call.query());
        String text = call.query().get("text");
        Future<TextSearch.Found> rows = text.isEmpty()
                ? shell.index(call)
                        .recent(filter, Limits.MAX_ROWS_SHOWN)
                        .map(found -> TextSearch.Found.of(
                                found.stream().map(ExchangeView::new).toList()))
                : new TextSearch(shell, call).run(text, filter);
        return shell.page(
                call,
                Frame.Section.EXCHANGES,
                "exchanges",
                rows,
                (frame, found) -> new ListView(
                        frame,
                        filter,
                        text,
                        RESULTS,
                        found,
                        text.isEmpty() ? older(filter, found.rows()) : "",
                        shell.now()));
    }

    private record Shown(ExchangeView exchange, List<HeldView> held) {}

    private Future<Reply> detail(Call call) {
        Future<Shown> found = shell.index(call).find(call.id()).compose(row -> {
            ExchangeRow known = row.orElseThrow(() -> Refused.notFound("the log holds no exchange of this id"));
            return HeldView.of(shell, known).map(held -> new Shown(new ExchangeView(known), held));
        });
        return shell.page(
                call,
                Frame.Section.EXCHANGES,
                "exchange",
                found,
                (frame, shown) -> new DetailView(frame, shown.exchange, shown.held, shell.now()));
    }

    private static String older(Filter filter, List<ExchangeView> rows) {
        if (rows.size() < Limits.MAX_ROWS_SHOWN) {
            return "";
        }
        Instant last = rows.get(rows.size() - 1).received().at();
        StringBuilder link = new StringBuilder("/exchanges?before=").append(Format.url(last.toString()));
        Map.of(
                        "agent", filter.agent(),
                        "team", filter.team(),
                        "session", filter.session(),
                        "result", filter.result(),
                        "model", filter.model(),
                        "rule", filter.rule(),
                        "min_cost", filter.minCostNanos() == 0 ? "" : dollars(filter.minCostNanos()))
                .forEach((name, value) -> {
                    if (!value.isEmpty()) {
                        link.append('&').append(name).append('=').append(Format.url(value));
                    }
                });
        return link.toString();
    }
}
