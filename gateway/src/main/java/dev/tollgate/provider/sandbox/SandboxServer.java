package dev.tollgate.provider.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sandbox's server, on a free port of the loopback interface.
 *
 * <pre>
 *   sandbox-small, sandbox-large   answer at once                    sandbox-slow   waits two seconds, then streams slowly
 *   sandbox-flaky                  fails every second call with 500  sandbox-down   always fails with 503
 * </pre>
 */
public final class SandboxServer {
    private static final Pattern GEMINI = Pattern.compile(
            "/(?:v1|v1beta|v1alpha)/models/([^:/]+):(generateContent|streamGenerateContent|countTokens|embedContent)");
    private static final SandboxWire CHAT = new ChatWire(false);
    private static final long MAX_BODY_BYTES = 64L << 20;
    private static final long SLOW_HEAD_MILLIS = 2000;
    private static final long SLOW_EVENT_MILLIS = 250;

    private final Vertx vertx;
    private final AtomicLong flakyCalls = new AtomicLong();

    public SandboxServer(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Begins to listen; yields the port. Ends with the Vert.x instance. */
    public Future<Integer> start() {
        HttpServer server = vertx.createHttpServer(
                new HttpServerOptions().setHost("127.0.0.1").setPort(0).setHttp2ClearTextEnabled(false));
        return server.requestHandler(this::receive).listen().map(HttpServer::actualPort);
    }

    private void receive(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(piece -> {
            if (body.length() + piece.length() > MAX_BODY_BYTES) {
                var unused = request.response().reset();
            } else {
                body.appendBuffer(piece);
            }
        });
        request.exceptionHandler(gone -> {});
        request.endHandler(ignored -> answer(request, body.getBytes()));
    }

    private void answer(HttpServerRequest request, byte[] bytes) {
        String path = request.path().startsWith("/v1/") ? request.path().substring("/v1".length()) : request.path();
        if (request.method().name().equals("GET")) {
            list(request, path);
            return;
        }
        JsonNode body;
        try {
            body = SandboxWire.MAPPER.readTree(bytes);
        } catch (IOException malformed) {
            send(request, 400, CHAT.error(400, "the body is not JSON"));
            return;
        }
        Matcher gemini = GEMINI.matcher(request.path());
        if (gemini.matches()) {
            gemini(request, body, gemini.group(1), gemini.group(2));
        } else {
            call(request, path, body);
        }
    }

    private static void list(HttpServerRequest request, String path) {
        switch (path) {
            case "/models" -> send(request, 200, SandboxModels.openAi());
            case "/v1beta/models" -> send(request, 200, SandboxModels.gemini());
            default -> send(request, 404, notFound(path));
        }
    }

    private void call(HttpServerRequest request, String path, JsonNode body) {
        switch (path) {
            case "/chat/completions" -> {
                boolean usage =
                        body.path("stream_options").path("include_usage").asBoolean();
                serve(request, new ChatWire(usage), SandboxRequests.chat(body));
            }
            case "/responses" -> serve(request, new ResponsesWire(), SandboxRequests.responses(body));
            case "/messages" -> serve(request, new MessagesWire(), SandboxRequests.messages(body));
            case "/messages/count_tokens" -> {
                int tokens = SandboxRequests.messages(body).inputTokens();
                send(request, 200, SandboxWire.object().put("input_tokens", tokens));
            }
            case "/embeddings" -> send(request, 200, SandboxEmbeddings.openAi(body));
            default -> send(request, 404, notFound(path));
        }
    }

    private void gemini(HttpServerRequest request, JsonNode body, String model, String method) {
        boolean streams = method.equals("streamGenerateContent");
        SandboxCall call = SandboxRequests.gemini(body, model, streams);
        switch (method) {
            case "countTokens" -> send(request, 200, SandboxWire.object().put("totalTokens", call.inputTokens()));
            case "embedContent" -> send(request, 200, SandboxEmbeddings.gemini(call));
            default -> serve(request, new GeminiWire(), call);
        }
    }

    private void serve(HttpServerRequest request, SandboxWire wire, SandboxCall call) {
        switch (call.model()) {
            case SandboxModels.DOWN -> fail(request, wire, 503, call.model() + " fails on purpose");
            case SandboxModels.FLAKY -> {
                if (flakyCalls.getAndIncrement() % 2 == 0) {
                    fail(request, wire, 500, call.model() + " fails on purpose, every second time");
                } else {
                    reply(request, wire, call, 0);
                }
            }
            case SandboxModels.SLOW ->
                vertx.setTimer(SLOW_HEAD_MILLIS, ignored -> reply(request, wire, call, SLOW_EVENT_MILLIS));
            default -> {
                if (SandboxModels.TALKING.contains(call.model())) {
                    reply(request, wire, call, 0);
                } else {
                    String models = String.join(", ", SandboxModels.TALKING);
                    fail(request, wire, 404, "the sandbox has no such model; it has " + models);
                }
            }
        }
    }

    private static void fail(HttpServerRequest request, SandboxWire wire, int status, String message) {
        send(request, status, wire.error(status, message));
    }

    private void reply(HttpServerRequest request, SandboxWire wire, SandboxCall call, long pauseMillis) {
        boolean asArray = wire instanceof GeminiWire && !"sse".equals(request.getParam("alt"));
        if (!call.streams()) {
            send(request, 200, wire.whole(call));
        } else if (asArray) {
            // Without alt=sse Gemini streams the elements of one array.
            ArrayNode array = SandboxWire.JSON.arrayNode().add(wire.whole(call));
            send(request, 200, array);
        } else {
            HttpServerResponse response = request.response()
                    .setChunked(true)
                    .putHeader("content-type", "text/event-stream; charset=utf-8")
                    .putHeader("cache-control", "no-cache");
            stream(response, wire.events(call), 0, pauseMillis);
        }
    }

    private void stream(HttpServerResponse response, List<String> events, int next, long pauseMillis) {
        if (response.closed()) {
            return;
        }
        if (pauseMillis == 0) {
            var unused = response.end(String.join("", events));
        } else if (next == events.size()) {
            var unused = response.end();
        } else {
            var unused = response.write(events.get(next));
            vertx.setTimer(pauseMillis, ignored -> stream(response, events, next + 1, pauseMillis));
        }
    }

    private static JsonNode notFound(String path) {
        return CHAT.error(404, "the sandbox has nothing at " + path);
    }

    private static void send(HttpServerRequest request, int status, JsonNode body) {
        if (request.response().closed()) {
            return;
        }
        var unused = request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body.toString());
    }
}
