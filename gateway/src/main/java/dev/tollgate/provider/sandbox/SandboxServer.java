package dev.tollgate.provider.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sandbox's server, on a free port of the loopback interface.
 *
 * <pre>
 *   sandbox-small, sandbox-large   answer at once          sandbox-slow    waits two seconds, then streams slowly
 *   sandbox-flaky                  fails every second call sandbox-down    always fails with 503
 * </pre>
 */
public final class SandboxServer {
    private static final Pattern GEMINI = Pattern.compile(
            "/(?:v1|v1beta|v1alpha)/models/([^:/]+):(generateContent|streamGenerateContent|countTokens)");
    private static final List<String> MODELS =
            List.of("sandbox-small", "sandbox-large", "sandbox-slow", "sandbox-flaky", "sandbox-down");
    private static final long SLOW_HEAD_MILLIS = 2000;
    private static final long SLOW_EVENT_MILLIS = 250;
    private static final int EMBEDDING_LENGTH = 16;

    private final Vertx vertx;
    private final AtomicLong flakyCalls = new AtomicLong();

    public SandboxServer(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Begins to listen; yields the port. Ends with the Vert.x instance. */
    public Future<Integer> start() {
        HttpServer server = vertx.createHttpServer(
                new HttpServerOptions().setHost("127.0.0.1").setPort(0).setHttp2ClearTextEnabled(false));
        return server.requestHandler(request -> request.body()
                        .onSuccess(body -> answer(request, body))
                        .onFailure(ignored -> request.response().reset()))
                .listen()
                .map(HttpServer::actualPort);
    }

    private void answer(HttpServerRequest request, Buffer bytes) {
        String path = request.path().startsWith("/v1/") ? request.path().substring("/v1".length()) : request.path();
        if (request.method().name().equals("GET")) {
            send(request, path.equals("/models") ? 200 : 404, path.equals("/models") ? models() : notFound(path));
            return;
        }
        JsonNode body;
        try {
            body = SandboxWire.MAPPER.readTree(bytes.getBytes());
        } catch (JsonProcessingException malformed) {
            send(request, 400, new ChatWire(false).error(400, "the body is not JSON"));
            return;
        } catch (java.io.IOException unreadable) {
            send(request, 400, new ChatWire(false).error(400, "the body cannot be read"));
            return;
        }
        Matcher gemini = GEMINI.matcher(request.path());
        if (gemini.matches()) {
            gemini(request, body, gemini.group(1), gemini.group(2));
            return;
        }
        switch (path) {
            case "/chat/completions" -> {
                boolean usage =
                        body.path("stream_options").path("include_usage").asBoolean();
                serve(request, new ChatWire(usage), SandboxRequests.chat(body));
            }
            case "/responses" -> serve(request, new ResponsesWire(), SandboxRequests.responses(body));
            case "/messages" -> serve(request, new MessagesWire(), SandboxRequests.messages(body));
            case "/messages/count_tokens" ->
                send(
                        request,
                        200,
                        SandboxWire.object()
                                .put(
                                        "input_tokens",
                                        SandboxRequests.messages(body).inputTokens()));
            case "/embeddings" -> send(request, 200, embeddings(body));
            default -> send(request, 404, notFound(path));
        }
    }

    private void gemini(HttpServerRequest request, JsonNode body, String model, String method) {
        boolean streams = method.equals("streamGenerateContent");
        SandboxCall call = SandboxRequests.gemini(body, model, streams);
        if (method.equals("countTokens")) {
            send(request, 200, SandboxWire.object().put("totalTokens", call.inputTokens()));
        } else if (streams && !"sse".equals(request.getParam("alt"))) {
            ArrayNode array = SandboxWire.JSON.arrayNode().add(new GeminiWire().whole(call));
            send(request, 200, array);
        } else {
            serve(request, new GeminiWire(), call);
        }
    }

    private void serve(HttpServerRequest request, SandboxWire wire, SandboxCall call) {
        boolean fails = call.model().equals("sandbox-down")
                || (call.model().equals("sandbox-flaky") && flakyCalls.getAndIncrement() % 2 == 0);
        if (!MODELS.contains(call.model())) {
            send(request, 404, wire.error(404, "the sandbox has no such model; it has " + String.join(", ", MODELS)));
        } else if (fails) {
            send(request, 503, wire.error(503, call.model() + " fails on purpose"));
        } else if (call.model().equals("sandbox-slow")) {
            vertx.setTimer(SLOW_HEAD_MILLIS, ignored -> reply(request, wire, call, SLOW_EVENT_MILLIS));
        } else {
            reply(request, wire, call, 0);
        }
    }

    private void reply(HttpServerRequest request, SandboxWire wire, SandboxCall call, long pauseMillis) {
        if (!call.streams()) {
            send(request, 200, wire.whole(call));
            return;
        }
        HttpServerResponse response = request.response()
                .setChunked(true)
                .putHeader("content-type", "text/event-stream; charset=utf-8")
                .putHeader("cache-control", "no-cache");
        stream(response, wire.events(call), 0, pauseMillis);
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

    private static JsonNode models() {
        ObjectNode list = SandboxWire.object().put("object", "list");
        ArrayNode data = list.putArray("data");
        MODELS.forEach(name -> data.addObject()
                .put("id", name)
                .put("object", "model")
                .put("created", SandboxWire.CREATED)
                .put("owned_by", "tollgate"));
        return list;
    }

    private static JsonNode embeddings(JsonNode body) {
        ObjectNode list = SandboxWire.object()
                .put("object", "list")
                .put("model", body.path("model").asText());
        ArrayNode data = list.putArray("data");
        JsonNode input = body.path("input");
        int count = input.isArray() ? input.size() : 1;
        int tokens = 0;
        for (int i = 0; i < count; i++) {
            String text = input.isArray() ? input.path(i).asText() : input.asText();
            tokens += Math.max(1, text.length() / 4);
            ObjectNode item = data.addObject().put("object", "embedding").put("index", i);
            ArrayNode numbers = item.putArray("embedding");
            byte[] seed = text.getBytes(StandardCharsets.UTF_8);
            for (int k = 0; k < EMBEDDING_LENGTH; k++) {
                int mixed = Integer.rotateLeft(java.util.Arrays.hashCode(seed) * (31 + 2 * k), k);
                numbers.add(mixed / (double) Integer.MAX_VALUE);
            }
        }
        list.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return list;
    }

    private static JsonNode notFound(String path) {
        return new ChatWire(false).error(404, "the sandbox has nothing at " + path);
    }

    private static void send(HttpServerRequest request, int status, JsonNode body) {
        var unused = request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body.toString());
    }
}
