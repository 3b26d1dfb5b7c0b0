package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.SpendRow;
import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Who spent what, where and when; from any value to its sessions, and from a session to its exchanges. */
final class SpendPage {
    private static final int WEEK = 7;
    private static final int MONTH = 30;
    private static final List<Dimension> OFFERED = List.of(
            Dimension.TEAM,
            Dimension.AGENT,
            Dimension.KEY,
            Dimension.USER,
            Dimension.SESSION,
            Dimension.PROVIDER,
            Dimension.MODEL);

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
     * @param asked period, key and filters chosen
     * @param rows dearest first, at most {@link Limits#MAX_SPEND_ROWS_SHOWN}
     * @param all how many rows there are
     * @param total over all rows
     * @param course spend over time
     * @param series the same by the values of the key, for the script that draws it
     * @param chartScript where the script of the chart library lies
     */
    record View(
            Frame frame,
            Asked asked,
            List<SpendGroup> rows,
            int all,
            Spend total,
            SpendChart course,
            String series,
            String chartScript) {
        List<Period> periods() {
            return List.of(Period.values());
        }

        List<GroupKey> keys() {
            return OFFERED.stream().map(GroupKey::of).toList();
        }

        /** Length of a row's bar, 0 to 100. */
        int share(SpendGroup row) {
            return rows.isEmpty()
                    ? 0
                    : Format.percent(
                            row.spend().costNanos(), rows.get(0).spend().costNanos());
        }
    }

    /**
     * What was asked.
     *
     * @param only values by key to which the page is limited
     */
    record Asked(Period period, GroupKey by, Map<GroupKey, String> only) {
        /** Where a value of the key leads: a session to its exchanges, anything else to its sessions. */
        String link(String value) {
            if (value.isEmpty()) {
                return "";
            }
            if (by.dimension() == Dimension.SESSION) {
                return "/exchanges?session=" + Format.url(value);
            }
            Map<GroupKey, String> narrower = new LinkedHashMap<>(only);
            narrower.put(by, value);
            return new Asked(period, GroupKey.of(Dimension.SESSION), narrower).address();
        }

        String with(Period other) {
            return new Asked(other, by, only).address();
        }

        String with(GroupKey other) {
            return new Asked(period, other, only).address();
        }

        String without(GroupKey filter) {
            Map<GroupKey, String> wider = new LinkedHashMap<>(only);
            wider.remove(filter);
            return new Asked(period, by, wider).address();
        }

        private String address() {
            StringBuilder address = new StringBuilder("/spend?period=")
                    .append(period.id())
                    .append("&by=")
                    .append(Format.url(by.toString()));
            only.forEach((key, value) -> {
                boolean isTag = key.dimension() == Dimension.TAG;
                address.append('&')
                        .append(isTag ? "tag" : key.toString())
                        .append('=')
                        .append(Format.url(isTag ? key.tag() + ":" + value : value));
            });
            return address.toString();
        }
    }

    List<Route> routes() {
        return List.of(Route.get("/spend", Access.PAGE, Need.VIEWER, this::page));
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
        Period period = period(call.query());
        Instant now = shell.now();
        Instant from = period.from(now);
        SpendQuery query = SpendQuestion.of(call.query(), from, now.plusSeconds(1));
        if (query.by().size() > 1 || query.by().get(0).isTime()) {
            throw Refused.badRequest("the page shows one key at a time, and time by itself");
        }
        Asked asked = new Asked(period, query.by().get(0), query.only());
        Dimension step = period == Period.TODAY ? Dimension.HOUR : Dimension.DAY;
        List<GroupKey> overTime = new ArrayList<>(List.of(GroupKey.of(step)));
        overTime.add(asked.by());
        SpendQuery course = new SpendQuery(query.from(), query.to(), query.zone(), overTime, query.only());
        Future<List<SpendGroup>> rows = shell.index(call).spend(query);
        Future<List<SpendGroup>> times = shell.index(call).spend(course);
        return shell.page(call, Frame.Section.SPEND, "spend", Future.all(rows, times), (frame, both) -> {
            SpendChart chart = SpendChart.of(from, now, step, times.result());
            return new View(
                    frame,
                    asked,
                    rows.result().stream().limit(Limits.MAX_SPEND_ROWS_SHOWN).toList(),
                    rows.result().size(),
                    rows.result().stream().map(SpendGroup::spend).reduce(Spend.NONE, Spend::plus),
                    chart,
                    SpendSeries.json(chart.times(), chart.labels(), times.result(), asked::link),
                    frame.links().chart());
        });
    }

    private static Period period(Parameters query) {
        String asked = query.get("period");
        for (Period period : Period.values()) {
            if (period.id().equals(asked.isEmpty() ? "today" : asked)) {
                return period;
            }
        }
        throw Refused.badRequest("period must be one of today, week, month, days30");
    }
}
