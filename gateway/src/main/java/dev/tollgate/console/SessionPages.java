package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.audit.AuditIndex.SessionQuery;
import dev.tollgate.audit.AuditIndex.SessionRow;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.console.SessionTimeline.Step;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sessions: the runs of agents, each walked call by call. */
final class SessionPages {
    private final Shell shell;
    private final SessionContents contents;

    SessionPages(Shell shell, SessionContents contents) {
        this.shell = shell;
        this.contents = contents;
    }

    /** Stretches of time to choose from, up to now. */
    enum Period {
        DAY("24 hours", 1),
        WEEK("7 days", 7),
        MONTH("30 days", 30);

        private final String title;
        private final int days;

        Period(String title, int days) {
            this.title = title;
            this.days = days;
        }

        String title() {
            return title;
        }

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Period of(String id) {
            return Arrays.stream(values())
                    .filter(known -> known.id().equals(id))
                    .findFirst()
                    .orElse(DAY);
        }
    }

    /**
     * What the list shows.
     *
     * @param agent to whose sessions it is limited; empty for all
     * @param rows the one with the newest call first
     */
    record ListView(Frame frame, Period period, String agent, List<SessionRow> rows, Instant now) {
        List<Period> periods() {
            return List.of(Period.values());
        }

        String with(Period other) {
            return "/sessions?period=" + other.id() + (agent.isEmpty() ? "" : "&agent=" + Format.url(agent));
        }

        boolean isFull() {
            return rows.size() >= Limits.MAX_SESSIONS_SHOWN;
        }
    }

    /**
     * Which session, and which stretch of it.
     *
     * @param before only calls received before this moment
     */
    record Asked(String session, String team, Instant before) {
        /** The moment of {@code before} for forms; empty for none. */
        String until() {
            return before.equals(Instant.MAX) ? "" : before.toString();
        }

        String address() {
            String until = before.equals(Instant.MAX) ? "" : "&before=" + Format.url(before.toString());
            return link(session, team) + until;
        }

        String step(int number) {
            return address() + "&step=" + number;
        }

        /** The timeline from a call on. */
        String from(int number) {
            return address() + "&from=" + number;
        }

        static String link(String session, String team) {
            return "/sessions/show?session=" + Format.url(session) + "&team=" + Format.url(team);
        }
    }

    /**
     * What the page of one session shows.
     *
     * @param stretch the calls that are on this page
     * @param trouble why nothing that was said can be read; empty where that works
     * @param older link to the calls before those of the timeline; empty where there are none
     */
    record TimelineView(
            Frame frame, Asked asked, SessionTimeline timeline, SessionStretch stretch, String trouble, String older) {}

    /**
     * What the page of one call in its session shows.
     *
     * @param step the call
     * @param last number of the last call
     * @param trouble why nothing that was said can be read; empty where that works
     * @param said what was said in it; null where nothing of that is kept, or it must be asked for
     * @param mustBeAskedFor whether it is kept as it came
     */
    record StepView(
            Frame frame,
            Asked asked,
            Step step,
            int last,
            String trouble,
            @Nullable SaidView said,
            boolean mustBeAskedFor) {}

    List<Route> routes() {
        return List.of(
                Route.get("/sessions", Access.PAGE, Need.VIEWER, this::list),
                Route.get("/sessions/show", Access.PAGE, Need.VIEWER, call -> show(call, call.query(), false)),
                Route.post("/sessions/show", Access.PAGE, Need.APPROVER, this::reveal));
    }

    static SessionQuery query(Instant now, Duration length, String agent, int limit) {
        return new SessionQuery(agent, now.minus(length), now.plusSeconds(1), Math.min(limit, AuditIndex.MAX_SESSIONS));
    }

    private Future<Reply> list(Call call) {
        Period period = Period.of(call.query().get("period"));
        String agent = call.query().get("agent");
        Instant now = shell.now();
        Future<List<SessionRow>> rows =
                shell.index(call).sessions(query(now, Duration.ofDays(period.days), agent, Limits.MAX_SESSIONS_SHOWN));
        return shell.page(
                call,
                Frame.Section.SESSIONS,
                "sessions",
                rows,
                (frame, found) -> new ListView(frame, period, agent, found, now));
    }

    /** Shows what was kept as it came. */
    private Future<Reply> reveal(Call call) {
        if (call.form().number("step", 0, 0, Limits.MAX_STEPS_SHOWN) == 0) {
            throw Refused.badRequest("step is missing");
        }
        return show(call, call.form(), true);
    }

    private Future<Reply> show(Call call, Parameters fields, boolean isRevealed) {
        Asked asked = asked(fields);
        int number = fields.number("step", 0, 0, Limits.MAX_STEPS_SHOWN);
        Future<Shown> shown = shell.index(call)
                .recent(Filter.ofSession(asked.session(), asked.team(), asked.before()), Limits.MAX_STEPS_SHOWN)
                .map(SessionPages::timeline)
                .compose(timeline ->
                        contents.of(asked.session(), timeline).map(said -> new Shown(timeline, said, null, false)));
        if (number == 0) {
            int from = fields.number("from", 1, 1, Limits.MAX_STEPS_SHOWN);
            return shell.page(
                    call,
                    Frame.Section.SESSIONS,
                    "session",
                    shown,
                    (frame, found) -> timeline(frame, asked, found, from));
        }
        Future<Shown> allowed = isRevealed ? shown.compose(found -> onRecord(call, found, number)) : shown;
        return shell.page(
                call,
                Frame.Section.SESSIONS,
                "sessionStep",
                allowed.compose(found -> laidOut(found, number, isRevealed)),
                (frame, found) -> step(frame, asked, found, number));
    }

    private TimelineView timeline(Frame frame, Asked asked, Shown found, int from) {
        SessionStretch stretch = SessionStretch.of(found.timeline, found.said, asked, from, shell.templates());
        return new TimelineView(
                frame, asked, found.timeline, stretch, found.said.trouble(), older(asked, found.timeline));
    }

    /** What was said in the call that is shown, as far as that may be shown. */
    private Future<Shown> laidOut(Shown found, int number, boolean isRevealed) {
        Said said = found.said.all().get(step(found.timeline, number).exchange().id());
        return said == null || (said.isOriginal() && !isRevealed)
                ? Future.succeededFuture(new Shown(found.timeline, found.said, null, said != null))
                : contents.page(said).map(page -> new Shown(found.timeline, found.said, page, false));
    }

    /** The record names the call that is shown, whatever the form says. */
    private Future<Shown> onRecord(Call call, Shown found, int number) {
        ExchangeView shown = step(found.timeline, number).exchange();
        call.requireDecider(shown.received().team());
        String exchange = shown.id();
        return shell.administration(call).revealing(exchange, () -> Future.succeededFuture(found));
    }

    /**
     * What is shown.
     *
     * @param page what was said in the one call that is shown
     */
    private record Shown(
            SessionTimeline timeline,
            SessionContents.Found said,
            @Nullable SaidView page,
            boolean mustBeAskedFor) {}

    private static StepView step(Frame frame, Asked asked, Shown shown, int number) {
        return new StepView(
                frame,
                asked,
                step(shown.timeline, number),
                shown.timeline.steps().size(),
                shown.said.trouble(),
                shown.page,
                shown.mustBeAskedFor);
    }

    private static Step step(SessionTimeline timeline, int number) {
        List<Step> steps = timeline.steps();
        if (number > steps.size()) {
            throw Refused.notFound("the session has no call " + number + " here");
        }
        return steps.get(number - 1);
    }

    private static Asked asked(Parameters fields) {
        String session = fields.get("session");
        if (session.isEmpty()) {
            throw Refused.badRequest("session is missing");
        }
        String before = fields.get("before");
        try {
            return new Asked(session, fields.get("team"), before.isEmpty() ? Instant.MAX : Instant.parse(before));
        } catch (DateTimeParseException malformed) {
            throw Refused.badRequest("before must be a time like 2026-11-21T14:00:00Z");
        }
    }

    private static SessionTimeline timeline(List<ExchangeRow> newestFirst) {
        if (newestFirst.isEmpty()) {
            throw Refused.notFound("the log holds no calls of this session");
        }
        List<ExchangeRow> rows = new ArrayList<>(newestFirst);
        Collections.reverse(rows);
        return SessionTimeline.of(rows);
    }

    private static String older(Asked asked, SessionTimeline timeline) {
        if (timeline.steps().size() < Limits.MAX_STEPS_SHOWN) {
            return "";
        }
        Instant first = timeline.steps().getFirst().exchange().received().at();
        return new Asked(asked.session(), asked.team(), first).address();
    }
}
