package dev.tollgate.console;

import dev.tollgate.approval.Ticket;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import java.util.List;

/** The page of one held call: everything that a reviewer needs to know of it. It stays when the call is decided. */
final class TicketPages {
    private final Shell shell;

    TicketPages(Shell shell) {
        this.shell = shell;
    }

    /**
     * What the page shows.
     *
     * @param ticket the call
     * @param background who asks
     */
    record View(Frame frame, TicketView ticket, Background background) {}

    private record Shown(Ticket ticket, Background background) {}

    List<Route> routes() {
        return List.of(Route.get("/approvals/{id}", Access.PAGE, Need.VIEWER, this::show));
    }

    private Future<Reply> show(Call call) {
        Future<Shown> shown = shell.ticket(call, call.id())
                .compose(ticket -> Background.of(shell.index(call), ticket, shell.now())
                        .map(background -> new Shown(ticket, background)));
        return shell.page(
                call,
                Frame.Section.APPROVALS,
                "ticketPage",
                shown,
                (frame, found) -> new View(frame, TicketView.of(call, found.ticket, shell.now()), found.background));
    }
}
