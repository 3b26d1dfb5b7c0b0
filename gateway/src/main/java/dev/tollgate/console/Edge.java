package dev.tollgate.console;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Where requests come in and answers go out: host, route, body, door, action, answer. */
final class Edge {
    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            // Not "no-referrer": browsers would then send "Origin: null" with our own forms.
            "Referrer-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin");

    private final Vertx vertx;
    private final Hosts hosts;
    private final List<Route> routes;
    private final Doorkeeper doorkeeper;
    private final Problems problems;

    Edge(Vertx vertx, Hosts hosts, List<Route> routes, Doorkeeper doorkeeper, Problems problems) {
        this.vertx = vertx;
        this.hosts = hosts;
        this.routes = List.copyOf(routes);
        this.doorkeeper = doorkeeper;
        this.problems = problems;
    }

    void take(HttpServerRequest http) {
        Context loop = vertx.getOrCreateContext();
        http.response().exceptionHandler(clientGone -> {});
        Future<Reply> answer;
        try {
            answer = answer(http);
        } catch (Refused refused) {
            answer = Future.failedFuture(refused);
        }
        answer.timeout(Limits.ANSWER_TIME.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(failure -> problems.reply(http, failure))
                .onSuccess(reply -> loop.runOnContext(onLoop -> write(http, reply)));
    }

    private Future<Reply> answer(HttpServerRequest http) {
        if (!hosts.allows(http.getHeader("Host"))) {
            throw new Refused(421, "host_not_allowed", "this console does not answer to the host name of the request");
        }
        String path = http.path() == null ? "" : http.path();
        List<Route> fitting = routes.stream().filter(route -> route.fits(path)).toList();
        if (fitting.isEmpty()) {
            throw Refused.notFound("there is no such page");
        }
        Route route = fitting.stream()
                .filter(candidate -> candidate.takes(http.method().name()))
                .findFirst()
                .orElseThrow(() -> new Refused(405, "method_not_allowed", "the page does not take this method"));
        Parameters query = http.query() == null ? Parameters.NONE : Parameters.parse(http.query());
        return body(http).compose(body -> doorkeeper.admit(new Call(http, route, route.idOf(path), query, body)));
    }

    private static Future<byte[]> body(HttpServerRequest http) {
        Promise<byte[]> whole = Promise.promise();
        Buffer read = Buffer.buffer();
        http.handler(chunk -> {
            if (read.length() + chunk.length() > Limits.MAX_BODY_BYTES) {
                whole.tryFail(new Refused(
                        413, "body_too_large", "the body is larger than " + Limits.MAX_BODY_BYTES + " bytes"));
            } else {
                read.appendBuffer(chunk);
            }
        });
        http.exceptionHandler(whole::tryFail);
        http.endHandler(end -> whole.tryComplete(read.getBytes()));
        return whole.future();
    }

    private static void write(HttpServerRequest http, Reply reply) {
        HttpServerResponse response = http.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(reply.status());
        ALWAYS.forEach(response::putHeader);
        if (!reply.contentType().isEmpty()) {
            response.putHeader("Content-Type", reply.contentType());
        }
        response.putHeader("Cache-Control", "no-store");
        reply.headers().forEach(field -> {
            if (field.getKey().equals("Cache-Control")) {
                response.putHeader(field.getKey(), field.getValue());
            } else {
                response.headers().add(field.getKey(), field.getValue());
            }
        });
        boolean unread = !http.isEnded();
        if (unread) {
            response.putHeader("Connection", "close");
        }
        Future<Void> sent = sendBody(http, response, reply);
        if (unread) {
            // What is left of a refused body is not read.
            sent.onComplete(done -> http.connection().close());
        }
    }

    private static Future<Void> sendBody(HttpServerRequest http, HttpServerResponse response, Reply reply) {
        if (reply.status() == 204) {
            return response.end();
        }
        Reply.Stream stream = reply.stream();
        if (stream != null) {
            response.setChunked(true);
            if (http.method().name().equals("HEAD")) {
                return response.end();
            }
            stream.into(response);
            return Future.succeededFuture();
        }
        response.putHeader("Content-Length", Integer.toString(reply.body().length));
        return http.method().name().equals("HEAD") ? response.end() : response.end(Buffer.buffer(reply.body()));
    }
}
