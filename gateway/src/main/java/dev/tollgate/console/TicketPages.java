package dev.tollgate.console;

import dev.tollgate.approval.Erasure;
import dev.tollgate.approval.HeldOriginals.Found;
import dev.tollgate.approval.Ticket;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The page of one held call: everything that a reviewer needs to know of it. It stays when the call is decided. */
final class TicketPages {
    /** Room for what a call says, and for the original as part of it, in bytes: with what stands around them the page stays below its limit. */
    private static final int SAID_BYTES = 165 * 1024;

    private static final int ORIGINAL_BYTES = 90 * 1024;

    private final Shell shell;

    TicketPages(Shell shell) {
        this.shell = shell;
    }

    /**
     * What the page shows.
     *
     * @param ticket the call
     * @param background who asks
     * @param hasOriginal whether what it says was kept as it came
     * @param erased word of its erasure; null where it was not erased
     * @param mayReveal whether whoever looks may see that
     * @param original the same; null where it was not asked for
     */
    record View(
            Frame frame,
            TicketView ticket,
            Background background,
            boolean hasOriginal,
            @Nullable Erasure erased,
            boolean mayReveal,
            @Nullable OriginalView original) {}

    private record Shown(Ticket ticket, Background background, Found found) {}

    List<Route> routes() {
        return List.of(
                Route.get("/approvals/{id}", Access.PAGE, Need.VIEWER, call -> show(call, shown(call), false)),
                Route.post("/approvals/{id}/reveal", Access.PAGE, Need.APPROVER, this::reveal));
    }

    private Future<Shown> shown(Call call) {
        return shell.ticket(call, call.id())
                .compose(ticket -> Background.of(shell.index(call), ticket, shell.now())
                        .compose(background -> shell.originals()
                                .find(ticket)
                                // That nobody can tell keeps nobody from deciding.
                                .otherwise(away -> Found.NOTHING)
                                .map(found -> new Shown(ticket, background, found))));
    }

    /** Shows what was kept as it came. */
    private Future<Reply> reveal(Call call) {
        Future<Shown> revealed = shown(call).compose(found -> {
            call.requireDecider(found.ticket.team());
            return shell.administration(call)
                    .revealing(found.ticket, call.form().get("reason"), () -> Future.succeededFuture(found));
        });
        return show(call, revealed, true);
    }

    private Future<Reply> show(Call call, Future<Shown> shown, boolean isRevealed) {
        return shell.page(call, Frame.Section.APPROVALS, "ticketPage", shown, (frame, found) -> {
            OriginalView original = isRevealed
                    ? found.found
                            .kept()
                            .map(kept -> OriginalView.of(found.ticket, kept, new PageRoom(ORIGINAL_BYTES)))
                            .orElse(null)
                    : null;
            PageRoom room = new PageRoom(SAID_BYTES - (original == null ? 0 : ORIGINAL_BYTES));
            return new View(
                    frame,
                    TicketView.of(call, found.ticket, shell.now(), room),
                    found.background,
                    found.found.kept().isPresent(),
                    found.found.erased(),
                    call.mayDecide(found.ticket.team()),
                    original);
        });
    }
}
