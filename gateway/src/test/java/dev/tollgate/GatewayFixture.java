package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.RateLimiter;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.store.memory.MemoryRateLimiter;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A gateway in memory before a {@link ScriptedProvider}, and a client of it. */
public final class GatewayFixture implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_KEPT_BYTES = 8 << 20;

    public final ScriptedProvider provider = new ScriptedProvider();
    public final MemoryGateway gateway;
    private final Path folder;
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** One request of each wire: path and body. */
    public enum Call {
        OPENAI_CHAT(
                "/v1/openai/chat/completions",
                "{\"model\":\"gpt-4o-mini\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"),
        OPENAI_RESPONSES(
                "/v1/openai/responses", "{\"model\":\"gpt-4o-mini\",\"max_output_tokens\":50,\"input\":\"%s\"%s}"),
        ANTHROPIC(
                "/v1/anthropic/messages",
                "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"),
        GEMINI(
                "/v1/gemini/models/gemini-2.5-flash:generateContent",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"%s\"}]}]%s}");

        public final String path;
        private final String body;

        Call(String path, String body) {
            this.path = path;
            this.body = body;
        }

        public String body(String text) {
            return body.formatted(text, "");
        }

        public String streaming(String text) {
            return body.formatted(text, this == GEMINI ? "" : ",\"stream\":true");
        }

        public String streamingPath() {
            return this == GEMINI ? "/v1/gemini/models/gemini-2.5-flash:streamGenerateContent?alt=sse" : path;
        }
    }

    /**
     * @param policy YAML; {@code PROVIDER} stands for the scripted provider's base URL
     */
    public GatewayFixture(String policy) throws Exception {
        this(policy, new MemoryLedger(InstantSource.system()));
    }

    /** One whose counters are elsewhere. */
    public GatewayFixture(String policy, Ledger ledger) throws Exception {
        this(policy, ledger, new MemoryRateLimiter(InstantSource.system()));
    }

    /** One whose counters of money and of rate limits are elsewhere. */
    public GatewayFixture(String policy, Ledger ledger, RateLimiter rates) throws Exception {
        this(policy, new MemoryGateway.Counters(ledger, rates));
    }

    public GatewayFixture(String policy, MemoryGateway.Counters counters) throws Exception {
        this(policy, counters, Map.of());
    }

    /** One with rules of its own: files below {@code rules/} by their names. */
    public GatewayFixture(String policy, Map<String, String> rules) throws Exception {
        this(
                policy,
                new MemoryGateway.Counters(
                        new MemoryLedger(InstantSource.system()), new MemoryRateLimiter(InstantSource.system())),
                rules);
    }

    /** One node of several. */
    public GatewayFixture(String policy, MemoryGateway.Shared shared) throws Exception {
        this(
                policy,
                new MemoryGateway.Counters(
                        new MemoryLedger(InstantSource.system()), new MemoryRateLimiter(InstantSource.system())),
                Map.of(),
                shared);
    }

    private GatewayFixture(String policy, MemoryGateway.Counters counters, Map<String, String> rules) throws Exception {
        this(policy, counters, rules, MemoryGateway.Shared.nothing());
    }

    /** One node of several, with rules and counters of its own. */
    public GatewayFixture(
            String policy, MemoryGateway.Counters counters, Map<String, String> rules, MemoryGateway.Shared shared)
            throws Exception {
        folder = Files.createTempDirectory("tollgate-policies");
        for (Map.Entry<String, String> pack : rules.entrySet()) {
            Files.createDirectories(folder.resolve("rules"));
            Files.writeString(folder.resolve("rules").resolve(pack.getKey()), pack.getValue());
        }
        write(policy);
        gateway = new MemoryGateway(
                vertx,
                folder,
                List.of("server.data_plane.port=0"),
                name -> null,
                "http://127.0.0.1:9",
                counters,
                shared);
    }

    private void write(String policy) throws IOException {
        Files.writeString(
                folder.resolve("policy.yaml"), policy.replace("PROVIDER", "http://127.0.0.1:" + provider.port));
    }

    /** Puts another policy into force. */
    public void reload(String policy) throws IOException {
        write(policy);
        gateway.reload();
    }

    /** The usual three providers, all of them scripted. */
    public static String providers() {
        return """
                providers:
                  openai: {base_url: "PROVIDER/v1", credential: "sk-test"}
                  anthropic: {base_url: "PROVIDER", credential: "sk-test"}
                  gemini: {base_url: "PROVIDER", credential: "sk-test"}
                """;
    }

    /** What a client got: the body as far as it came, and whether it came to an end. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by its parts only.
    public record Answer(int status, Map<String, List<String>> headers, byte[] bytes, boolean whole) {
        public String body() {
            return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }
    }

    public Answer post(String path, String body, String... headers) throws Exception {
        return exchange(
                request(path, headers)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                () -> {});
    }

    /**
     * A request with nothing but what is given here.
     *
     * @param onBytes is told when bytes of the answer's body are there
     */
    public Answer send(String method, String path, byte[] body, Map<String, String> headers, Runnable onBytes)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port + path))
                .timeout(PATIENCE)
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::setHeader);
        return exchange(request.build(), onBytes);
    }

    private Answer exchange(HttpRequest request, Runnable onBytes) throws Exception {
        java.io.ByteArrayOutputStream text = new java.io.ByteArrayOutputStream();
        HttpResponse<java.io.InputStream> response;
        try {
            response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (java.net.http.HttpTimeoutException hangs) {
            throw new AssertionError("no answer within " + PATIENCE, hangs);
        } catch (IOException broken) {
            return new Answer(0, Map.of(), new byte[0], false);
        }
        boolean whole = true;
        try (var in = response.body()) {
            byte[] piece = new byte[8192];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                onBytes.run();
                if (text.size() < MAX_KEPT_BYTES) {
                    text.write(piece, 0, n);
                }
            }
        } catch (IOException broken) {
            whole = false;
        }
        return new Answer(response.statusCode(), response.headers().map(), text.toByteArray(), whole);
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port + path))
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .header("authorization", "Bearer " + gateway.key);
        for (int i = 0; i + 1 < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return request;
    }

    /** The end on the record of an exchange, once it is there. */
    public Ended ended(String exchangeId) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<Ended> found = records(Ended.class).stream()
                    .filter(ended -> ended.exchange().value().equals(exchangeId))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new AssertionError("no end on the record for " + exchangeId);
    }

    /** The newest call that came in, once one is on the record. */
    public Received newest() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (records(Received.class).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no call is on the record");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return records(Received.class).getLast();
    }

    public <T> List<T> records(Class<T> type) {
        synchronized (gateway.records) {
            return gateway.records.stream()
                    .filter(type::isInstance)
                    .map(type::cast)
                    .toList();
        }
    }

    /** Fails unless every call has its end and no counter holds money for a call that is over. */
    public void assertNothingLeft() throws Exception {
        for (Received received : records(Received.class)) {
            Ended unused = ended(received.exchange().value());
            if (received.reservation() != null) {
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (held(received.reservation().counters()) > 0 && System.nanoTime() < deadline) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                assertThat(held(received.reservation().counters()))
                        .as("held for %s", received)
                        .isZero();
            }
        }
    }

    public long held(List<String> counters) throws Exception {
        return gateway.ledger.levels(counters).toCompletionStage().toCompletableFuture().get().stream()
                .mapToLong(level -> level.held())
                .sum();
    }

    public long spent(String counter) throws Exception {
        return gateway.ledger
                .levels(List.of(counter))
                .toCompletionStage()
                .toCompletableFuture()
                .get()
                .get(0)
                .spent();
    }

    @Override
    public void close() throws IOException {
        provider.close();
        http.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        Folders.delete(folder);
    }
}
