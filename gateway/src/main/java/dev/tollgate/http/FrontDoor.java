package dev.tollgate.http;

import dev.tollgate.exchange.Body;
import dev.tollgate.exchange.BodySource;
import dev.tollgate.exchange.Endpoint;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Headers;
import dev.tollgate.exchange.Inbound;
import dev.tollgate.exchange.Steps;
import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.routing.PathTable;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.wire.Dialect;
import dev.tollgate.wire.Problem;
import dev.tollgate.wire.Wires;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes each request of one event loop: turns away what is malformed or unknown, and makes an exchange of the rest. */
final class FrontDoor implements Handler<HttpServerRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final int UPGRADE_REQUIRED = 426;
    private static final int INTERNAL_ERROR = 500;
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final DataPlane plane;
    private final ConnectionWatch watch;
    private final ModelList models;

    FrontDoor(Vertx vertx, DataPlane plane, ConnectionWatch watch) {
        this.vertx = vertx;
        this.plane = plane;
        this.watch = watch;
        this.models = new ModelList(plane);
    }

    @Override
    public void handle(HttpServerRequest request) {
        steps(request).run(() -> take(request));
    }

    private void take(HttpServerRequest request) {
        request.pause();
        watch.began(request.connection());
        request.response().endHandler(ignored -> watch.ended(request.connection()));
        PolicySnapshot policy = plane.policies().current();
        ExchangeId id = plane.ids().get();
        Optional<HeadGuard.Violation> violation =
                RequestChecks.check(request, policy.bundle().server().limits());
        if (violation.isPresent()) {
            refuse(request, id, problem(violation.get()));
        } else if (RequestChecks.isUpgrade(request)) {
            upgradeRequired(request, id);
        } else {
            switch (policy.view(PathTable.class).find(request.method().name(), request.uri())) {
                case PathTable.Match.Known(Endpoint endpoint) -> run(request, id, endpoint, policy);
                case PathTable.Match.Models(Endpoint endpoint) ->
                    models.answer(
                            exchange(request, id, endpoint, policy, () -> Future.succeededFuture(Body.EMPTY)),
                            reply(request, id, endpoint, policy),
                            steps(request));
                case PathTable.Match.Unknown(String message) ->
                    refuse(request, id, Problem.of(Problem.Kind.NOT_FOUND, "unknown_path", message));
                case PathTable.Match.WrongMethod(String message) ->
                    refuse(request, id, Problem.of(Problem.Kind.METHOD_NOT_ALLOWED, "method_not_allowed", message));
                case PathTable.Match.Malformed(String message) ->
                    refuse(request, id, Problem.of(Problem.Kind.MALFORMED, "malformed_path", message));
            }
        }
    }

    /** Answers a request whose head or framing was refused before it became a request. */
    void handleInvalid(HttpServerRequest request, HeadGuard.Violation violation) {
        steps(request).run(() -> refuse(request, plane.ids().get(), problem(violation)));
    }

    private Steps steps(HttpServerRequest request) {
        return new Steps(vertx, fault -> failed(request, fault));
    }

    /** A fault of ours where there is no exchange, or none yet. */
    private static void failed(HttpServerRequest request, Throwable fault) {
        LOG.error("a request ended by a fault of the gateway", fault);
        HttpServerResponse response = request.response();
        if (response.headWritten()) {
            var unused = request.connection().close();
            return;
        }
        response.setStatusCode(INTERNAL_ERROR)
                .putHeader("connection", "close")
                .putHeader("content-type", "application/json");
        var unused = response.end("{\"error\":{\"message\":\"the gateway failed on this request; its log says why\","
                + "\"type\":\"server_error\",\"code\":\"internal_error\",\"param\":null}}");
    }

    private void run(HttpServerRequest request, ExchangeId id, Endpoint endpoint, PolicySnapshot policy) {
        ClientReply client = reply(request, id, endpoint, policy);
        LimitsPolicy limits = policy.bundle().server().limits();
        Admission.Pass pass = plane.admission().enter(limits.open(), limits.queued());
        if (pass == null) {
            overloaded(client, busy(limits, limits.queued() + " wait for a place, which is the limit queued"));
            return;
        }
        // Counted before it is read: what comes with the heads of thousands would fill the memory before anybody has
        // looked at their keys.
        if (!pass.expect(BodyReader.ahead(request), limits.bodyBytes())) {
            pass.leave();
            overloaded(client, BodyReader.tooMany(limits));
            return;
        }
        BodySource body = new BodyReader(vertx, request, limits, pass);
        ExchangeRun run = new ExchangeRun(plane, exchange(request, id, endpoint, policy, body), client, pass, vertx);
        if (pass.entered().isComplete()) {
            run.start();
        } else {
            QueuedCall.queue(plane, request, limits, pass, owner(run, client, limits), steps(request));
        }
    }

    private QueuedCall.Owner owner(ExchangeRun run, ClientReply client, LimitsPolicy limits) {
        return new QueuedCall.Owner() {
            @Override
            public void onGone(Runnable callback) {
                client.onGone(callback);
            }

            @Override
            public void begin() {
                run.start();
            }

            @Override
            public void refused(String why) {
                overloaded(client, busy(limits, why));
            }
        };
    }

    private static String busy(LimitsPolicy limits, String why) {
        return "this node has " + limits.open() + " calls under way, which is the limit open, and " + why;
    }

    /** Not on the record, which would be the work that there is no room for; counted only. */
    private void overloaded(ClientReply client, String message) {
        Problem problem =
                Problem.of(Problem.Kind.UNAVAILABLE, "overloaded", message).withRetryAfter(TRY_AGAIN);
        plane.meters().refused(client.statusOf(problem));
        client.problem(problem);
    }

    private Exchange exchange(
            HttpServerRequest request, ExchangeId id, Endpoint endpoint, PolicySnapshot policy, BodySource body) {
        Inbound inbound = new Inbound(
                request.method().name(),
                request.path(),
                request.query(),
                headers(request),
                String.valueOf(request.remoteAddress().hostAddress()),
                body);
        return Exchange.received(id, plane.clock().instant(), inbound, endpoint, policy);
    }

    private ClientReply reply(HttpServerRequest request, ExchangeId id, Endpoint endpoint, PolicySnapshot policy) {
        return new ClientReply(request, dialect(endpoint, policy), id.value());
    }

    private Dialect dialect(Endpoint endpoint, PolicySnapshot policy) {
        String provider = endpoint.provider();
        var entry = provider == null ? null : policy.bundle().providers().get(provider);
        return plane.wires().dialectFor(plane.wires().of(endpoint.wire()), entry == null ? List.of() : entry.wires());
    }

    private void refuse(HttpServerRequest request, ExchangeId id, Problem problem) {
        ClientReply client =
                new ClientReply(request, plane.wires().of(Wires.OPAQUE).dialect(), id.value());
        plane.meters().refused(client.statusOf(problem));
        client.problem(problem);
    }

    // Answered at once and by its own status, Codex falls back to plain HTTP without delay; other answers cost it
    // seconds or the call.
    private void upgradeRequired(HttpServerRequest request, ExchangeId id) {
        plane.meters().refused(UPGRADE_REQUIRED);
        request.response()
                .setStatusCode(UPGRADE_REQUIRED)
                .putHeader("x-tollgate-exchange-id", id.value())
                .putHeader("connection", "close")
                .putHeader("content-type", "application/json");
        request.response()
                .end(
                        "{\"error\":{\"message\":\"WebSocket is not governed here; use HTTP\",\"type\":\"invalid_request_error\","
                                + "\"code\":\"upgrade_required\",\"param\":null}}")
                // A client that asked for another protocol may go on in it: nothing behind this is read.
                .onComplete(sent -> request.connection().close());
    }

    private static Headers headers(HttpServerRequest request) {
        List<Headers.Field> fields = new ArrayList<>();
        for (Map.Entry<String, String> header : request.headers()) {
            fields.add(new Headers.Field(header.getKey(), header.getValue()));
        }
        return new Headers(fields);
    }

    private static Problem problem(HeadGuard.Violation violation) {
        Problem.Kind kind = switch (violation.status()) {
            case 405 -> Problem.Kind.METHOD_NOT_ALLOWED;
            case 408 -> Problem.Kind.TIMEOUT;
            case 414 -> Problem.Kind.URI_TOO_LONG;
            case 431 -> Problem.Kind.HEAD_TOO_LARGE;
            default -> Problem.Kind.MALFORMED;
        };
        return Problem.of(kind, "malformed_request", violation.message());
    }
}
