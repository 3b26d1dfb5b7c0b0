package dev.tollgate.console;

import dev.tollgate.approval.GrantScope;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.approval.Ticket;
import dev.tollgate.console.GrantOffice.GrantWish;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Standing grants: made from a ticket or by a program, listed, revoked. */
final class GrantPages {
    private static final Set<String> MEMBERS = new TreeSet<>(List.of(
            "agent",
            "team",
            "key",
            "session",
            "rule",
            "model",
            "tool",
            "commands",
            "paths",
            "limit_usd",
            "minutes",
            "note"));

    private final Shell shell;
    private final GrantOffice office;

    GrantPages(Shell shell) {
        this.shell = shell;
        this.office = new GrantOffice(shell.rooms(), shell.clock());
    }

    /**
     * What the page shows.
     *
     * @param grants newest first
     */
    record View(Frame frame, Rows<StandingGrant> grants, Instant now) {
        /** Longest description that a row tells, in characters; the API has all of it. */
        private static final int MAX_WORDS = 500;

        /** Where a grant stands. */
        String state(StandingGrant grant) {
            if (grant.use().revokedAt() != null) {
                return "revoked";
            }
            return grant.isLiveAt(now) ? "live" : "over";
        }

        boolean mayRevoke(StandingGrant grant) {
            String team = grant.scope().team();
            return grant.isLiveAt(now)
                    && frame.person().mayDecide(team.isEmpty() ? dev.tollgate.value.Person.ALL_TEAMS : team);
        }

        /** What it was given for, in words. */
        String what(StandingGrant grant) {
            GrantScope scope = grant.scope();
            List<String> words = new ArrayList<>();
            words.add(scope.tool().isEmpty() ? "calls" : "calls of " + scope.tool());
            if (!scope.commands().isEmpty()) {
                words.add("that run " + String.join(", ", scope.commands()));
            }
            if (!scope.paths().isEmpty()) {
                words.add("below " + String.join(", ", scope.paths()));
            }
            if (!scope.session().isEmpty()) {
                words.add("in session " + scope.session());
            }
            return Said.shortened(String.join(" ", words), MAX_WORDS);
        }
    }

    List<Route> routes() {
        return List.of(
                Route.get("/grants", Access.PAGE, Need.VIEWER, this::page),
                Route.post("/grants/{id}/revoke", Access.PAGE, Need.APPROVER, this::revoke),
                Route.post("/approvals/{id}/grant", Access.PAGE, Need.APPROVER, this::fromTicket),
                Route.get("/api/v1/grants", Access.API, Need.VIEWER, this::list),
                Route.post("/api/v1/grants", Access.API, Need.APPROVER, this::create),
                Route.post("/api/v1/grants/{id}/revoke", Access.API, Need.APPROVER, this::end));
    }

    private Future<Reply> page(Call call) {
        return shell.page(
                call,
                Frame.Section.GRANTS,
                "grants",
                office.list(call.person(), Limits.MAX_KEYS_SHOWN),
                (frame, grants) -> new View(frame, Rows.of(grants, call, "/grants"), shell.now()));
    }

    private Future<Reply> revoke(Call call) {
        return office.revoke(call.person(), call.id()).map(grant -> {
            call.session().tell(Notice.done("Revoked " + grant.id() + ". What it let pass asks a person again."));
            return Reply.seeOther("/grants");
        });
    }

    /** Approves the ticket and lets calls like it pass from now on. */
    private Future<Reply> fromTicket(Call call) {
        Parameters form = call.form();
        Duration lasts = Duration.ofMinutes(form.number("minutes", 120, 1, (int) GrantOffice.MAX_LIFE.toMinutes()));
        int dollars = form.number("dollars", 5, 0, 1_000_000);
        return shell.rooms()
                .tickets()
                .find(Administration.ticketId(call.id()))
                .map(found -> found.filter(ticket -> call.person().maySee(ticket.team()))
                        .orElseThrow(() -> Refused.notFound("there is no ticket " + call.id())))
                .compose(ticket -> {
                    GrantScope scope = GrantChoices.scope(
                            ticket,
                            form.number("what", 0, 0, Limits.MAX_PARAMETERS),
                            form.get("who").equals("session"));
                    NanoUsd limit = dollars == 0 ? null : NanoUsd.ofDollars(Integer.toString(dollars));
                    GrantWish wish = new GrantWish(scope, limit, lasts, call.id(), form.get("note"));
                    return office.fromTicket(call.person(), ticket, wish);
                })
                .compose(grant -> shell.administration(call)
                        .decide(call.id(), Ticket.State.APPROVED, form.get("note"))
                        .map(ticket -> Notice.done("Approved, and calls like it pass until "
                                + Format.time(grant.expiresAt(), shell.now()) + " (grant " + grant.id() + ")"))
                        .otherwise(failure -> Notice.failed("Grant " + grant.id()
                                + " is made, but the ticket was not approved by it: "
                                + (failure instanceof Refused refused ? refused.text() : "try again"))))
                .otherwise(failure -> Notice.failed(
                        failure instanceof Refused refused
                                ? refused.text()
                                : "the grant could not be stored: try again"))
                .map(notice -> {
                    call.session().tell(notice);
                    return Reply.seeOther("/approvals");
                });
    }

    private Future<Reply> list(Call call) {
        int limit = call.query().number("limit", Limits.MAX_ROWS_SHOWN, 1, Limits.MAX_ROWS_OF_API);
        return office.list(call.person(), limit).map(grants -> Reply.json(200, GrantDocument.of(grants, shell.now())));
    }

    private Future<Reply> create(Call call) {
        return office.create(call.person(), wish(Wanted.of(call, MEMBERS)))
                .map(grant -> Reply.json(201, GrantDocument.of(grant, shell.now())));
    }

    private static GrantWish wish(Wanted wanted) {
        int minutes = wanted.number("minutes", 1, (int) GrantOffice.MAX_LIFE.toMinutes());
        try {
            GrantScope scope = new GrantScope(
                    wanted.text("agent"),
                    wanted.text("team"),
                    wanted.text("key"),
                    wanted.text("session"),
                    wanted.text("rule"),
                    wanted.text("model"),
                    wanted.text("tool"),
                    wanted.texts("commands"),
                    wanted.texts("paths"));
            return new GrantWish(scope, limit(wanted), Duration.ofMinutes(minutes), "", wanted.text("note"));
        } catch (IllegalArgumentException malformed) {
            throw Refused.badRequest(String.valueOf(malformed.getMessage()));
        }
    }

    /** Money is a string: a number would be rounded on its way. */
    private static @Nullable NanoUsd limit(Wanted wanted) {
        String dollars = wanted.text("limit_usd");
        if (dollars.isEmpty()) {
            return null;
        }
        NanoUsd limit = NanoUsd.ofDollars(dollars);
        if (limit.nanos() < 0) {
            throw Refused.badRequest("limit_usd must not be negative");
        }
        return limit;
    }

    private Future<Reply> end(Call call) {
        return office.revoke(call.person(), call.id())
                .map(grant -> Reply.json(200, GrantDocument.of(grant, shell.now())));
    }
}
