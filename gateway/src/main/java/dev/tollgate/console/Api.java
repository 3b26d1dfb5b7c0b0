package dev.tollgate.console;

import dev.tollgate.approval.Edit;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditIndex.SessionQuery;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.payload.Answer;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadStore;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The console as JSON under {@code /api/v1}, for programs. */
final class Api {
    private static final Set<String> MEMBERS_OF_DECISION = Set.of("note", "edit_path", "edit_text", "edits");
    private static final Set<String> MEMBERS_OF_EDIT = Set.of("path", "text");

    private final Shell shell;

    Api(Shell shell) {
        this.shell = shell;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/v1/tickets", Access.API, Need.VIEWER, this::tickets),
                Route.get("/api/v1/tickets/{id}", Access.API, Need.VIEWER, this::ticket),
                Route.post(
                        "/api/v1/tickets/{id}/approve",
                        Access.API,
                        Need.APPROVER,
                        call -> decide(call, Ticket.State.APPROVED)),
                Route.post(
                        "/api/v1/tickets/{id}/deny",
                        Access.API,
                        Need.APPROVER,
                        call -> decide(call, Ticket.State.DENIED)),
                Route.post("/api/v1/tickets/{id}/reveal", Access.API, Need.APPROVER, this::reveal),
                Route.get("/api/v1/exchanges", Access.API, Need.VIEWER, this::exchanges),
                Route.get("/api/v1/exchanges/{id}", Access.API, Need.VIEWER, this::exchange),
                Route.get("/api/v1/exchanges/{id}/payload", Access.API, Need.APPROVER, this::payload),
                Route.get("/api/v1/sessions", Access.API, Need.VIEWER, this::sessions),
                Route.get("/api/v1/spend", Access.API, Need.VIEWER, this::spend),
                Route.get("/api/v1/budgets", Access.API, Need.VIEWER, this::budgets),
                Route.get("/api/v1/policy", Access.API, Need.VIEWER_OF_ALL, call -> Future.succeededFuture(policy())),
                Route.post("/api/v1/policy/reload", Access.API, Need.ADMIN_OF_ALL, this::reload),
                Route.get("/api/v1/health", Access.API, Need.VIEWER, call -> health()));
    }

    private Future<Reply> tickets(Call call) {
        String asked = call.query().get("state");
        Ticket.State state = Arrays.stream(Ticket.State.values())
                .filter(known ->
                        Format.word(known).equals(asked.isEmpty() ? "pending" : asked.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () -> Refused.badRequest("state must be one of pending, approved, denied, expired, consumed"));
        int limit = limit(call);
        // Read wider than asked for: what belongs to other teams is left out.
        int read = Math.max(limit, Limits.MAX_PENDING_READ);
        TicketStore tickets = shell.rooms().tickets();
        return (state == Ticket.State.APPROVED
                        ? tickets.waitingForClients(shell.now(), read)
                        : tickets.list(state, read))
                .map(found -> Reply.json(
                        200,
                        Documents.tickets(found.stream()
                                .filter(ticket -> call.person().maySee(ticket.team()))
                                .limit(limit)
                                .toList())));
    }

    private Future<Reply> ticket(Call call) {
        return shell.ticket(call, call.id())
                .compose(ticket -> Background.of(shell.index(call), ticket, shell.now())
                        .map(background -> Reply.json(200, TicketDocument.of(ticket, background))));
    }

    /** Records who looks at the original of a ticket, and why, and then tells it. */
    private Future<Reply> reveal(Call call) {
        String reason = Wanted.of(call, Set.of("reason")).text("reason");
        return shell.ticket(call, call.id()).compose(ticket -> {
            call.requireDecider(ticket.team());
            return shell.administration(call)
                    .revealing(ticket, reason, () -> shell.originals().find(ticket))
                    .map(found -> Reply.json(200, TicketDocument.original(ticket, found)));
        });
    }

    private static @Nullable Edit edit(Wanted wanted) {
        List<Edit> edits = new ArrayList<>();
        String path = wanted.text("edit_path");
        if (!path.isEmpty()) {
            edits.add(new Edit(path, wanted.whole("edit_text")));
        }
        for (Wanted one : wanted.objects("edits", MEMBERS_OF_EDIT)) {
            edits.add(new Edit(one.text("path"), one.whole("text")));
        }
        return ApprovalPages.together(edits);
    }

    private Future<Reply> decide(Call call, Ticket.State decision) {
        Wanted wanted = Wanted.of(call, MEMBERS_OF_DECISION);
        return shell.administration(call)
                .decide(call.id(), decision, wanted.text("note"), edit(wanted))
                .map(ticket -> Reply.json(200, Documents.ticket(ticket)));
    }

    private Future<Reply> exchanges(Call call) {
        return shell.index(call)
                .recent(ExchangePages.filter(call.query()), limit(call))
                .map(rows -> Reply.json(200, Documents.exchanges(rows)));
    }

    private Future<Reply> exchange(Call call) {
        return shell.index(call).find(call.id()).compose(found -> {
            AuditIndex.ExchangeRow row =
                    found.orElseThrow(() -> Refused.notFound("the log holds no exchange of this id"));
            return HeldView.of(shell, row).map(held -> Reply.json(200, Documents.exchange(row, held)));
        });
    }

    private Future<Reply> sessions(Call call) {
        Instant from = time(call, "from", shell.today());
        Instant to = time(call, "to", shell.now().plusSeconds(1));
        return shell.index(call)
                .sessions(new SessionQuery(call.query().get("agent"), from, to, limit(call)))
                .map(found -> Reply.json(200, Documents.sessions(found)));
    }

    private Future<Reply> payload(Call call) {
        return shell.index(call).find(call.id()).compose(found -> {
            AuditIndex.ExchangeRow row =
                    found.orElseThrow(() -> Refused.notFound("the log holds no exchange of this id"));
            call.requireDecider(row.received().team());
            return shell.administration(call)
                    .revealing(call.id(), () -> kept(row))
                    .map(answers -> Reply.json(200, PayloadDocument.of(row, answers)));
        });
    }

    /** What is kept of request and reply. */
    private Future<List<Answer>> kept(AuditIndex.ExchangeRow row) {
        String id = row.received().exchange().value();
        PayloadStore payloads = shell.rooms().payloads();
        return payloads.find(id, row.received().at(), Part.REQUEST)
                .compose(request ->
                        payloads.find(id, row.received().at(), Part.REPLY).map(reply -> List.of(request, reply)));
    }

    private Future<Reply> spend(Call call) {
        Instant from = time(call, "from", shell.today());
        Instant to = time(call, "to", shell.now().plusSeconds(1));
        SpendQuery query = SpendQuestion.of(call.query(), from, to);
        return shell.index(call).spend(query).map(groups -> Reply.json(200, Documents.spend(query, groups)));
    }

    private Future<Reply> budgets(Call call) {
        return shell.budgets(call).map(view -> Reply.json(200, BudgetDocument.of(view)));
    }

    private Reply policy() {
        return Reply.json(200, Documents.policy(shell.rooms().policy()));
    }

    private Future<Reply> reload(Call call) {
        return shell.administration(call).reloadPolicy().map(loaded -> policy());
    }

    private Future<Reply> health() {
        return shell.checks().map(checks -> Reply.json(200, Documents.health(checks)));
    }

    private static int limit(Call call) {
        return call.query().number("limit", Limits.MAX_ROWS_SHOWN, 1, Limits.MAX_ROWS_OF_API);
    }

    private static Instant time(Call call, String name, Instant otherwise) {
        String given = call.query().get(name);
        try {
            return given.isEmpty() ? otherwise : Instant.parse(given);
        } catch (DateTimeParseException malformed) {
            throw Refused.badRequest(name + " must be a time like 2026-11-21T14:00:00Z");
        }
    }
}
