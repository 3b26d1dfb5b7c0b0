package dev.tollgate.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.pipeline.Notice;
import dev.tollgate.policy.NotifyPolicy.Event;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks are told once each, again where they fail, and hold up nobody. */
class WebhooksTest {
    private static final Notice NOTICE = new Notice(
            Event.BUDGET,
            Instant.parse("2026-11-21T09:00:00Z"),
            "team-daily",
            "80 % of budget team-daily is spent",
            Map.of("budget", "team-daily", "percent", "80"));

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final AtomicInteger failures = new AtomicInteger();
    private int port;

    @BeforeEach
    void listen() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    if (request.path().startsWith("/silent")) {
                        return;
                    }
                    if (failures.getAndDecrement() > 0) {
                        var unused = request.response().setStatusCode(503).end();
                        return;
                    }
                    told.add(request.method() + " " + request.uri() + " " + request.getHeader("content-type") + " "
                            + body);
                    if (request.path().startsWith("/elsewhere")) {
                        var unused = request.response()
                                .setStatusCode(307)
                                .putHeader("location", "/hook")
                                .end();
                        return;
                    }
                    var unused = request.response().end("ok");
                }));
        port = server.listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS).actualPort();
    }

    @AfterEach
    void close() throws Exception {
        var unused = vertx.close().await(10, TimeUnit.SECONDS);
    }

    private Webhooks webhooks(String list) throws Exception {
        Files.writeString(
                folder.resolve("notify.yaml"),
                "notifications: {webhooks: [" + list.replace("HERE", "http://127.0.0.1:" + port) + "]}");
        PolicySource policies = PolicySource.start(
                new PolicyLoader(folder, List.of(), name -> null),
                List.of(WebhookTargets.compiler()),
                InstantSource.system());
        return new Webhooks(vertx, policies, new Webhooks.Pauses(Duration.ofMillis(5), 3));
    }

    private @Nullable String next() throws InterruptedException {
        return told.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void json_tellsEverything() throws Exception {
        webhooks("{id: ops, url: 'HERE/hook?token=x'}").tell(NOTICE);

        String got = next();
        assertThat(got).startsWith("POST /hook?token=x application/json ");
        assertThat(new JsonObject(got.substring(got.indexOf('{'))))
                .isEqualTo(new JsonObject()
                        .put("event", "budget")
                        .put("at", "2026-11-21T09:00:00Z")
                        .put("subject", "team-daily")
                        .put("text", "80 % of budget team-daily is spent")
                        .put(
                                "facts",
                                new JsonObject().put("budget", "team-daily").put("percent", "80")));
    }

    @Test
    void slack_getsItsText() throws Exception {
        webhooks("{id: ops, url: HERE/hook, format: slack}").tell(NOTICE);

        assertThat(next()).endsWith("{\"text\":\"80 % of budget team-daily is spent\"}");
    }

    @Test
    void failedDelivery_isTriedAgain_thenGivenUp() throws Exception {
        failures.set(2);
        Webhooks webhooks = webhooks("{id: ops, url: HERE/hook}");
        webhooks.tell(NOTICE);
        assertThat(next()).as("third attempt").contains("team-daily");

        failures.set(3);
        webhooks.tell(NOTICE);
        while (failures.get() > 0) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(told.poll(300, TimeUnit.MILLISECONDS)).as("no fourth").isNull();
    }

    @Test
    void webhook_getsOnlyWhatItWants_andOneThatHangsHoldsUpNobody() throws Exception {
        webhooks(
                        "{id: hangs, url: HERE/silent}, {id: guard, url: HERE/guard, events: [guard]}, {id: budget, url: HERE/budget, events: [budget]}")
                .tell(NOTICE);

        assertThat(next()).contains("POST /budget ");
        assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void redirect_isNotFollowed() throws Exception {
        webhooks("{id: ops, url: HERE/elsewhere}").tell(NOTICE);

        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThat(next()).contains("POST /elsewhere ");
        }
        assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void addressThatIsNone_isRefused_withoutRepeatingIt() {
        for (String url : List.of("ftp://hidden/x", "http://user:hidden@host/", "http:hidden", "http://hid den/")) {
            assertThatThrownBy(() -> webhooks("{id: ops, url: '" + url + "'}"))
                    .isInstanceOf(PolicyException.class)
                    .hasMessageContaining("notifications.webhooks[0].url")
                    .hasMessageNotContaining("hid");
        }
        assertThatThrownBy(() -> webhooks("{id: a, url: HERE/}, {id: a, url: HERE/}"))
                .hasMessageContaining("notifications.webhooks[1].id");
    }
}
