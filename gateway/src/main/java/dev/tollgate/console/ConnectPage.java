package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.console.Clients.Client;
import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How an agent is pointed at the gateway, client by client; lights up when its call arrives. */
final class ConnectPage {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectPage.class);
    private static final long LOOK_MILLIS = 1_000;
    /** Looks before something is sent all the same, so that nobody in between takes the connection for dead. */
    private static final int LOOKS_TO_PING = 15;

    /** Looks before the page is let go: it begins anew by itself. */
    private static final int MOST_LOOKS = 900;

    private final Vertx vertx;
    private final Shell shell;
    private final List<Client> clients;
    private final AtomicInteger watching = new AtomicInteger();

    ConnectPage(Vertx vertx, Shell shell) {
        this.vertx = vertx;
        this.shell = shell;
        this.clients =
                Clients.all(shell.settings().gatewayUrl(), shell.settings().exampleModel());
    }

    /**
     * What the page shows.
     *
     * @param clients to choose from
     * @param chosen whose lines are shown
     * @param newest the newest call; empty where none has ever come
     */
    record View(Frame frame, List<Client> clients, Client chosen, Optional<ExchangeView> newest, Instant now) {
        boolean mayMakeKeys() {
            return Need.ADMIN.isMetBy(frame.person());
        }

        boolean isChosen(Client client) {
            return client.equals(chosen);
        }
    }

    List<Route> routes() {
        return List.of(
                Route.get("/connect", Access.PAGE, Need.VIEWER, this::page),
                Route.get("/connect/events", Access.POLL, Need.VIEWER, this::events));
    }

    private Future<Reply> page(Call call) {
        String asked = call.query().get("client");
        Client chosen = clients.stream()
                .filter(client -> client.id().equals(asked))
                .findFirst()
                .orElse(clients.get(0));
        Future<Optional<ExchangeView>> newest = newest(call).map(found -> found.map(ExchangeView::new));
        return shell.page(
                call,
                Frame.Section.CONNECT,
                "connect",
                newest,
                (frame, found) -> new View(frame, clients, chosen, found, shell.now()));
    }

    private Future<Reply> events(Call call) {
        Instant after = after(call.query().get("after"));
        if (watching.get() >= Limits.MAX_WATCHERS) {
            throw new Refused(503, "too_many_streams", Limits.MAX_WATCHERS + " pages wait for a call already");
        }
        return Future.succeededFuture(Reply.events(response -> new Watch(call, response, after).start()));
    }

    private static Instant after(String asked) {
        try {
            return Instant.parse(asked);
        } catch (DateTimeParseException malformed) {
            throw Refused.badRequest("after must be a time like 2026-11-21T14:00:00Z");
        }
    }

    private Future<Optional<ExchangeRow>> newest(Call call) {
        return shell.index(call).recent(Filter.ALL, 1).map(rows -> rows.stream().findFirst());
    }

    /** One page that waits. Runs on the response's event loop. */
    private final class Watch {
        private final Call call;
        private final HttpServerResponse response;
        private final Instant after;
        private int looks;
        private boolean gone;

        Watch(Call call, HttpServerResponse response, Instant after) {
            this.call = call;
            this.response = response;
            this.after = after;
        }

        void start() {
            watching.incrementAndGet();
            response.closeHandler(closed -> leave());
            response.endHandler(ended -> leave());
            send(": waiting\n\n");
            look();
        }

        private void leave() {
            if (!gone) {
                gone = true;
                watching.decrementAndGet();
            }
        }

        private void look() {
            if (gone) {
                return;
            }
            newest(call).onComplete(done -> {
                if (gone) {
                    return;
                }
                if (done.failed()) {
                    LOG.warn("the index cannot be asked for new calls: {}", String.valueOf(done.cause()));
                }
                Optional<ExchangeRow> arrived = done.succeeded()
                        ? done.result().filter(row -> row.received().at().isAfter(after))
                        : Optional.empty();
                if (arrived.isPresent()) {
                    tell(new ExchangeView(arrived.get()));
                } else if (++looks >= MOST_LOOKS) {
                    response.end().onComplete(ended -> leave());
                } else {
                    if (looks % LOOKS_TO_PING == 0) {
                        send(": waiting\n\n");
                    }
                    vertx.setTimer(LOOK_MILLIS, again -> look());
                }
            });
        }

        private void tell(ExchangeView row) {
            var call = Documents.object()
                    .put("agent", row.agent())
                    .put("model", row.model())
                    .put("link", "/exchanges/" + row.id());
            response.end("event: call\ndata: " + call + "\n\n").onComplete(sent -> leave());
        }

        private void send(String text) {
            response.write(text).onFailure(broken -> leave());
        }
    }
}
