package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.SpendRow;
import dev.tollgate.console.Route.Access;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Who spent what, where and when. */
final class SpendPage {
    private static final int WEEK = 7;
    private static final int MONTH = 30;

    private final Shell shell;

    SpendPage(Shell shell) {
        this.shell = shell;
    }

    /** Stretches of time to choose from. */
    enum Period {
        TODAY("Today"),
        WEEK("7 days"),
        MONTH("This month"),
        DAYS30("30 days");

        private final String title;

        Period(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        Instant from(Instant now) {
            Instant today = now.truncatedTo(ChronoUnit.DAYS);
            return switch (this) {
                case TODAY -> today;
                case WEEK -> today.minus(SpendPage.WEEK - 1, ChronoUnit.DAYS);
                case MONTH ->
                    now.atOffset(ZoneOffset.UTC)
                            .truncatedTo(ChronoUnit.DAYS)
                            .withDayOfMonth(1)
                            .toInstant();
                case DAYS30 -> today.minus(SpendPage.MONTH - 1, ChronoUnit.DAYS);
            };
        }
    }

    /**
     * What the page shows.
     *
     * @param period chosen
     * @param by dimension chosen
     * @param rows dearest first, at most {@link Limits#MAX_SPEND_ROWS_SHOWN}
     * @param all how many rows there are
     * @param total over all rows
     * @param course spend over time
     */
    record View(
            Frame frame, Period period, Dimension by, List<SpendRow> rows, int all, SpendRow total, SpendChart course) {
        List<Period> periods() {
            return List.of(Period.values());
        }

        List<Dimension> dimensions() {
            return Arrays.stream(Dimension.values())
                    .filter(dimension -> dimension != Dimension.HOUR
                            && dimension != Dimension.DAY
                            && dimension != Dimension.TAG
                            && dimension != Dimension.SUB_AGENT)
                    .toList();
        }

        /** Length of a row's bar, 0 to 100. */
        int share(SpendRow row) {
            return rows.isEmpty()
                    ? 0
                    : Format.percent(row.costNanos(), rows.get(0).costNanos());
        }

        /** Where a row leads; empty where it leads nowhere. */
        String link(SpendRow row) {
            return switch (by) {
                case AGENT -> "/exchanges?agent=" + Format.url(row.value());
                case SESSION -> "/exchanges?session=" + Format.url(row.value());
                default -> "";
            };
        }

        String address(Period other, Dimension dimension) {
            return "/spend?period=" + other.id() + "&by=" + id(dimension);
        }
    }

    List<Route> routes() {
        return List.of(Route.get("/spend", Access.PAGE, this::page));
    }

    static String id(Dimension dimension) {
        return dimension.name().toLowerCase(Locale.ROOT);
    }

    /** The dimension that a query asks for; by team where it asks for none. */
    static Dimension dimension(Parameters query) {
        String asked = query.get("by");
        return Arrays.stream(Dimension.values())
                .filter(dimension -> id(dimension).equals(asked.isEmpty() ? "team" : asked))
                .findFirst()
                .orElseThrow(() ->
                        Refused.badRequest("by must be one of team, agent, key, session, provider, model, day, hour"));
    }

    /** The sum of rows. */
    static SpendRow total(List<SpendRow> rows) {
        SpendRow sum = new SpendRow("total", 0, 0, 0, 0, 0, 0);
        for (SpendRow row : rows) {
            sum = new SpendRow(
                    "total",
                    sum.calls() + row.calls(),
                    sum.denied() + row.denied(),
                    sum.inputTokens() + row.inputTokens(),
                    sum.outputTokens() + row.outputTokens(),
                    Math.addExact(sum.costNanos(), row.costNanos()),
                    sum.unpriced() + row.unpriced());
        }
        return sum;
    }

    private Future<Reply> page(Call call) {
        Dimension by = dimension(call.query());
        Period period = period(call.query());
        Instant now = shell.now();
        Instant from = period.from(now);
        Dimension step = period == Period.TODAY ? Dimension.HOUR : Dimension.DAY;
        Future<List<SpendRow>> rows = shell.rooms().index().spend(from, now.plusSeconds(1), by);
        Future<List<SpendRow>> course = shell.rooms().index().spend(from, now.plusSeconds(1), step);
        return shell.page(
                call,
                Frame.Section.SPEND,
                "spend",
                Future.all(rows, course),
                (frame, both) -> new View(
                        frame,
                        period,
                        by,
                        rows.result().stream()
                                .limit(Limits.MAX_SPEND_ROWS_SHOWN)
                                .toList(),
                        rows.result().size(),
                        total(rows.result()),
                        SpendChart.of(from, now, step, course.result())));
    }

    private static Period period(Parameters query) {
        String asked = query.get("period");
        return Arrays.stream(Period.values())
                .filter(period -> period.id().equals(asked.isEmpty() ? "today" : asked))
                .findFirst()
                .orElseThrow(() -> Refused.badRequest("period must be one of today, week, month, days30"));
    }
}
