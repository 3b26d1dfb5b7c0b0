package dev.tollgate.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.microsoft.playwright.Browser.NewContextOptions;
import dev.tollgate.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A gateway with a policy of its own, the agents that call it, and visits to its console. */
final class House implements AutoCloseable {
    static final String MODEL = "sandbox/sandbox-small";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private GatewayProcess gateway;

    private House(Path folder, GatewayProcess gateway) {
        this.folder = folder;
        this.gateway = gateway;
    }

    /**
     * Starts it, unless there is no browser to look at it with.
     *
     * @param folder empty
     * @param policy the whole bundle
     */
    static House open(Path folder, String policy) throws IOException {
        Chromium.require();
        Path bundle = Files.createDirectories(folder.resolve("policies"));
        Files.writeString(bundle.resolve("policy.yaml"), policy);
        return new House(folder, GatewayProcess.startWith(bundle, folder.resolve("data")));
    }

    /** Another node on the same stores, which the policy names, with the same admin token. */
    House beside(Path other) throws IOException {
        Path data = Files.createDirectories(other.resolve("data"));
        Files.copy(
                folder.resolve("data").resolve("admin-token"),
                data.resolve("admin-token"),
                StandardCopyOption.COPY_ATTRIBUTES);
        return new House(other, GatewayProcess.beside(folder.resolve("policies"), data, key()));
    }

    String console() {
        return gateway.consoleUrl();
    }

    String url() {
        return gateway.url();
    }

    /** Key of the agent {@code default}. */
    String key() {
        return gateway.key();
    }

    String adminToken() {
        try {
            return Files.readString(folder.resolve("data").resolve("admin-token"))
                    .strip();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    /** Somebody's browser, not signed in. */
    Visit visit(NewContextOptions options) {
        return new Visit(console(), options);
    }

    Visit visit() {
        return visit(new NewContextOptions());
    }

    /** A browser in which the admin is signed in, at a path. */
    Visit admin(String path) {
        return visit().signIn(adminToken(), path);
    }

    /** A key of an agent's, made over the API. */
    String keyOf(String agent, String team) {
        return api("POST", "/api/v1/keys", "{\"agent\":\"%s\",\"team\":\"%s\"}".formatted(agent, team))
                .path("secret")
                .asText();
    }

    /** One question to the sandbox, waited for. */
    HttpResponse<String> ask(String key, String text, String... headers) {
        return asking(key, text, headers).join();
    }

    /** One question to the sandbox. */
    CompletableFuture<HttpResponse<String>> asking(String key, String text, String... headers) {
        ObjectNode body = JSON.createObjectNode().put("model", MODEL);
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return posting(key, body.toString(), headers);
    }

    /** One call of the chat API. */
    CompletableFuture<HttpResponse<String>> posting(String key, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** Asks the API as admin. */
    @CanIgnoreReturnValue
    JsonNode api(String method, String path, String body) {
        try {
            return JSON.readTree(answer(method, path, body, adminToken()).body());
        } catch (IOException malformed) {
            throw new AssertionError(malformed);
        }
    }

    /** Waits until the index, which is written behind the log, knows so many ended calls of an agent's. Yields the newest. */
    JsonNode indexed(String agent, int calls) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            JsonNode found = api("GET", "/api/v1/exchanges?agent=" + agent, "").path("exchanges");
            long ended = found.findValues("ended").stream()
                    .filter(JsonNode::isObject)
                    .count();
            if (ended >= calls) {
                return found.path(0);
            }
        }
        throw new AssertionError("the index does not know " + calls + " ended calls of " + agent);
    }

    /** Waits until so many calls wait for a person. */
    void awaitWaiting(int calls) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (api("GET", "/api/v1/tickets?state=pending", "").path("tickets").size() < calls) {
            if (System.nanoTime() > end) {
                throw new AssertionError("fewer than " + calls + " calls wait for a person");
            }
        }
    }

    /** What the API answers to a token. */
    HttpResponse<String> answer(String method, String path, String body, String token) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(console() + path))
                .header("Authorization", "Bearer " + token)
                .timeout(PATIENCE)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString()).join();
    }

    /** Kills it, and starts it again with the same data at the same address. */
    void restart() throws IOException, InterruptedException {
        int agents = URI.create(url()).getPort();
        int people = URI.create(console()).getPort();
        gateway = gateway.kill().again(folder.resolve("policies"), folder.resolve("data"), agents, people);
    }

    @Override
    public void close() {
        gateway.close();
        client.shutdownNow();
    }
}
