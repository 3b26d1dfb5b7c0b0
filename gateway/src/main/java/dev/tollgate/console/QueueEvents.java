package dev.tollgate.console;

import dev.tollgate.approval.Ticket;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells open pages of the queue, as server-sent events, that tickets came, went or were voted on: that alone, so that each page then asks
 * for what whoever looks may see. One look at the store serves all pages of this node; without a page there is none.
 */
final class QueueEvents {
    private static final Logger LOG = LoggerFactory.getLogger(QueueEvents.class);
    private static final long LOOK_MILLIS = 500;
    /** Looks before something is sent all the same, so that nobody in between takes the connection for dead. */
    private static final int LOOKS_TO_PING = 30;

    /** Looks before a page is let go, so that one whose session is over does not stay for ever: it begins anew by itself. */
    private static final int MOST_LOOKS = 1_200;

    private final Vertx vertx;
    private final Shell shell;
    private final Set<Page> pages = ConcurrentHashMap.newKeySet();
    private boolean looking;
    private int known;

    QueueEvents(Vertx vertx, Shell shell) {
        this.vertx = vertx;
        this.shell = shell;
    }

    List<Route> routes() {
        return List.of(Route.get("/approvals/events", Access.POLL, Need.VIEWER, call -> events()));
    }

    private Future<Reply> events() {
        if (pages.size() >= Limits.MAX_WATCHERS) {
            throw new Refused(503, "too_many_streams", Limits.MAX_WATCHERS + " pages follow the queue already");
        }
        return Future.succeededFuture(Reply.events(response -> new Page(response).begin()));
    }

    private synchronized void look() {
        if (pages.isEmpty()) {
            looking = false;
            return;
        }
        shell.rooms()
                .tickets()
                .list(Ticket.State.PENDING, Limits.MAX_PENDING_READ)
                .onSuccess(this::compare)
                .onFailure(away -> LOG.warn("the tickets cannot be looked at: {}", String.valueOf(away)))
                .onComplete(done -> vertx.setTimer(LOOK_MILLIS, again -> look()));
    }

    private synchronized void compare(List<Ticket> tickets) {
        int now = 1;
        for (Ticket ticket : tickets) {
            now = 31 * (31 * now + ticket.id().hashCode())
                    + ticket.details().votes().size();
        }
        boolean isNew = now != known;
        known = now;
        pages.forEach(page -> page.looked(isNew));
    }

    private synchronized void awake() {
        if (!looking) {
            looking = true;
            vertx.runOnContext(begun -> look());
        }
    }

    /** One open page. */
    private final class Page {
        private final HttpServerResponse response;
        private int looks;

        Page(HttpServerResponse response) {
            this.response = response;
        }

        void begin() {
            pages.add(this);
            response.closeHandler(closed -> pages.remove(this));
            response.endHandler(ended -> pages.remove(this));
            // Asks for the queue once: it may have changed since the page was made.
            send("event: queue\ndata: begun\n\n");
            awake();
        }

        void looked(boolean isNew) {
            if (++looks >= MOST_LOOKS) {
                pages.remove(this);
                response.end().onFailure(gone -> pages.remove(this));
            } else if (isNew) {
                send("event: queue\ndata: changed\n\n");
            } else if (looks % LOOKS_TO_PING == 0) {
                send(": waiting\n\n");
            }
        }

        private void send(String text) {
            response.write(text).onFailure(broken -> pages.remove(this));
        }
    }
}
