package dev.tollgate.console;

import dev.tollgate.approval.Edit;
import dev.tollgate.approval.QueuePlace;
import dev.tollgate.approval.Ticket;
import dev.tollgate.approval.TicketLinks;
import dev.tollgate.approval.TicketLinks.Followed;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The approval queue: who wants what, why it is held, what it may cost; approve or deny, with a note. */
final class ApprovalPages {
    private final Shell shell;

    ApprovalPages(Shell shell) {
        this.shell = shell;
    }

    /**
     * What the page shows.
     *
     * @param queue the tickets
     */
    record View(Frame frame, Piece queue) {}

    /**
     * What its live piece shows.
     *
     * @param stretch tickets that wait, as many as fit
     * @param approved that wait for their client; none but on the first page
     * @param csrf token for the forms of whoever looks
     */
    record Queue(QueueStretch stretch, List<Ticket> approved, String csrf, Instant now) {
        /** What waits for the client, in words. */
        String waits(Ticket ticket) {
            return ticket.details().wish().tool().isEmpty()
                    ? "its call"
                    : "the reply that calls " + ticket.details().wish().tool();
        }
    }

    /**
     * The piece as htmx takes it.
     *
     * @param queue the tickets
     * @param stretch what of them that is
     * @param notice about what was just done; empty for nothing
     */
    record Piece(LivePiece queue, QueueStretch stretch, List<Notice> notice) {}

    List<Route> routes() {
        return List.of(
                // Who is not signed in is sent to sign in first, so that what only looks at links does not use them up.
                Route.get("/approvals/open/{id}", Access.PAGE, Need.VIEWER, this::open),
                Route.get("/approvals", Access.PAGE, Need.VIEWER, this::page),
                Route.get("/approvals/queue", Access.POLL, Need.VIEWER, this::piece),
                Route.post("/approvals/{id}", Access.PAGE, Need.APPROVER, this::decide));
    }

    private Future<Reply> page(Call call) {
        return shell.page(call, Frame.Section.APPROVALS, "approvals", queue(call, call.query(), List.of()), View::new);
    }

    private Future<Reply> piece(Call call) {
        return queue(call, call.query(), List.of())
                .map(piece ->
                        call.query().get("seen").equals(piece.queue().seen()) ? Reply.unchanged() : rendered(piece));
    }

    private Future<Reply> decide(Call call) {
        Parameters form = call.form();
        Ticket.State decision = decision(form);
        return shell.administration(call)
                .decide(call.id(), decision, form.get("note"), edit(form, decision))
                .map(ApprovalPages::heard)
                .otherwise(failure -> Notice.failed(reasonOf(failure)))
                .compose(notice -> afterwards(call, notice));
    }

    static Ticket.State decision(Parameters form) {
        return switch (form.get("decision")) {
            case "approve" -> Ticket.State.APPROVED;
            case "deny" -> Ticket.State.DENIED;
            default -> throw Refused.badRequest("decision must be approve or deny");
        };
    }

    private static Notice heard(Ticket ticket) {
        String what = ticket.agent() + " to " + ticket.model() + " (" + ticket.id() + ")";
        return Notice.done(
                switch (ticket.state()) {
                    case APPROVED, CONSUMED -> "Approved: " + what;
                    case DENIED -> "Denied: " + what;
                    case EXPIRED -> "Too late: " + what;
                    case PENDING ->
                        "Your approval counts, "
                                + (ticket.details().terms().quorum()
                                        - ticket.details().approvals())
                                + " more needed: " + what;
                });
    }

    /** Follows a link that somebody was sent. */
    private Future<Reply> open(Call call) {
        Optional<Followed> followed = TicketLinks.follow(call.id());
        if (followed.isEmpty()) {
            return Future.succeededFuture(opened(call, Optional.empty()));
        }
        Followed link = followed.get();
        AtomicBoolean isOurs = new AtomicBoolean();
        return shell.rooms()
                .tickets()
                .amend(link.ticket(), ticket -> {
                    isOurs.set(link.isGood(ticket, shell.now()) && call.person().maySee(ticket.team()));
                    return isOurs.get()
                            ? ticket.with(ticket.details()
                                    .with(ticket.details().link().usedBy(link.recipient())))
                            : ticket;
                })
                .map(found -> opened(call, found.filter(ticket -> isOurs.get())));
    }

    private static Reply opened(Call call, Optional<Ticket> ticket) {
        if (ticket.isEmpty()) {
            call.session()
                    .tell(Notice.failed(
                            "This link was used before, or its ticket waits no more. What waits is below."));
        }
        return Reply.seeOther(
                "/approvals" + ticket.map(found -> "#ticket-" + found.id()).orElse(""));
    }

    /** Browsers write line ends their own way. */
    private static @Nullable Edit edit(Parameters form, Ticket.State decision) {
        List<String> paths = form.all("edit_path");
        List<String> texts = form.wholes("edit_text");
        if (paths.size() != texts.size()) {
            throw Refused.badRequest("edit_path and edit_text must come in pairs");
        }
        List<Edit> edits = new ArrayList<>();
        for (int i = 0; i < paths.size() && decision == Ticket.State.APPROVED; i++) {
            edits.add(new Edit(paths.get(i), texts.get(i).replace("\r\n", "\n")));
        }
        return together(edits);
    }

    /** All edits as one. */
    static @Nullable Edit together(List<Edit> edits) {
        try {
            return Edit.of(edits);
        } catch (IllegalArgumentException twice) {
            throw Refused.badRequest(Objects.requireNonNull(twice.getMessage()));
        }
    }

    private Future<Reply> afterwards(Call call, Notice notice) {
        if (call.wantsPiece()) {
            return queue(call, call.form(), List.of(notice)).map(this::rendered);
        }
        call.session().tell(notice);
        return Future.succeededFuture(back(call.form()));
    }

    /** To the page of the queue on which a form stands. */
    static Reply back(Parameters form) {
        return Reply.seeOther(QueueStretch.address(form.get("behind")));
    }

    private Future<Piece> queue(Call call, Parameters fields, List<Notice> notice) {
        QueuePlace behind = place(fields.get("behind"));
        return shell.pending(call).compose(tickets -> {
            List<Ticket> inOrder =
                    tickets.stream().sorted(Ticket.RISKIEST_FIRST).toList();
            QueueStretch stretch = QueueStretch.of(inOrder, behind, call, shell);
            Future<List<Ticket>> approved =
                    stretch.isFirst() ? shell.approved(call) : Future.succeededFuture(List.of());
            return approved.map(waiting -> {
                Queue queue = new Queue(stretch, waiting, call.session().csrf(), shell.now());
                return new Piece(shell.piece("approvalTickets", queue), stretch, notice);
            });
        });
    }

    private static @Nullable QueuePlace place(String written) {
        try {
            return written.isEmpty() ? null : QueuePlace.parse(written);
        } catch (IllegalArgumentException malformed) {
            throw Refused.badRequest("behind must be a place in the queue, as its links have it");
        }
    }

    private Reply rendered(Piece piece) {
        return Reply.html(200, shell.templates().render("approvalQueue", piece));
    }

    static String reasonOf(Throwable failure) {
        return failure instanceof Refused refused ? refused.text() : "the decision could not be stored: try again";
    }
}
