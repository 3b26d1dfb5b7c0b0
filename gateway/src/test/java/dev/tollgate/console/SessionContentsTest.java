package dev.tollgate.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.payload.Commitment;
import dev.tollgate.audit.payload.Head;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.Payload;
import dev.tollgate.audit.payload.PayloadKeys;
import dev.tollgate.audit.payload.ShelvedPayloads;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.store.sqlite.SqlitePayloads;
import dev.tollgate.wire.MessageBorders;
import dev.tollgate.wire.ReplyContent;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was said, on the pages of sessions, from a real store of payloads. */
final class SessionContentsTest {
    private static final String FIRST =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Clean up, please\"}]}";
    private static final String SECOND =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Clean up, please\"},"
                    + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\","
                    + "\"function\":{\"name\":\"shell\",\"arguments\":\"ls\"}}]},"
                    + "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"one <b>two</b>\"}]}";

    private final Vertx vertx = Vertx.vertx();
    private final FakeRooms rooms = new FakeRooms(() -> SampleSessions.START.plusSeconds(600));

    @TempDir
    Path data;

    private ShelvedPayloads payloads;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        payloads = ShelvedPayloads.open(SqlitePayloads.open(data), PayloadKeys.none(), 1 << 20, rooms.clock);
        rooms.payloads = payloads;
        browser = rooms.administrator(vertx);
        add(SampleSessions.call(1, 0, "", "", 1));
        add(SampleSessions.call(2, 60, "", "", 1));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        payloads.close();
    }

    @Test
    void step_showsWhatWasNewInIt_andNotWhatCameBefore() throws Exception {
        keep(1, 0, Capture.REDACTED, FIRST);
        keep(2, 60, Capture.REDACTED, SECOND);
        answer(2, 60, "It is clean.");

        String timeline = shown("", "tool answered");
        String second = shown("&step=2", "It is clean.");

        assertThat(timeline).contains("Clean up, please", "tool answered: one &lt;b&gt;two", "It is clean.");
        assertThat(second)
                .contains("<code>shell</code>", "one &lt;b&gt;two&lt;/b&gt;", "the model answered")
                .doesNotContain("Clean up, please", "More was said than is kept");
        assertThat(rooms.log.actions()).containsExactly("signed_in");
    }

    @Test
    void call_keptAsItCame_isShownOnlyWhenAskedFor_andThatIsOnTheRecord() throws Exception {
        keep(1, 0, Capture.FULL, FIRST);

        String timeline = shown("", "Call");
        String page = shown("&step=1", "the log records that you looked");
        String csrf = Browser.csrf(page);
        String revealed = browser.post(
                        "/sessions/show",
                        Map.of("csrf", csrf, "session", "s", "team", "team", "step", "1", "exchange", "ex_2"))
                .body();

        assertThat(timeline + page).doesNotContain("Clean up");
        assertThat(revealed).contains("Clean up, please");
        assertThat(rooms.log.actions()).containsExactly("signed_in", "payload_revealed");
        assertThat(rooms.log.records.getLast().subject())
                .as("the call that was shown, not one that the form names")
                .isEqualTo("ex_1");
        assertThat(browser.post("/sessions/show", Map.of("csrf", csrf, "session", "s", "team", "team"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void call_keptAsItCame_isNotShownWhereThatCannotBeRecorded() throws Exception {
        keep(1, 0, Capture.FULL, FIRST);
        String csrf = Browser.csrf(shown("&step=1", "the log records that you looked"));
        rooms.log.refuses = true;

        assertThat(browser.post(
                                "/sessions/show",
                                Map.of("csrf", csrf, "session", "s", "team", "team", "step", "1", "exchange", "ex_2"))
                        .body())
                .contains("could not be recorded")
                .doesNotContain("Clean up");
    }

    @Test
    void exchange_isFoundByWhatWasSaidInIt_amongThoseThatTheFilterTakes() throws Exception {
        keep(1, 0, Capture.REDACTED, FIRST);
        String found = shown("/exchanges?text=clean+UP", "/exchanges/ex_1");

        assertThat(found).contains("ex_1", "Clean up, please").doesNotContain("/exchanges/ex_2");
        assertThat(browser.get("/exchanges?text=clean+up&agent=other").body()).contains("Nothing fits this filter");
        assertThat(browser.get("/exchanges?text=" + "x".repeat(201)).statusCode())
                .isEqualTo(400);
        assertThat(rooms.log.actions()).contains("payloads_searched");
    }

    @Test
    void call_ofWhichNothingIsKept_saysSo() {
        assertThat(browser.get("/sessions/show?session=s&team=team&step=1").body())
                .contains("Nothing of what was said in this call is kept");
    }

    /** A page once it says what it must in the end: payloads are written a moment later. */
    private String shown(String which, String text) throws Exception {
        String path = which.startsWith("/") ? which : "/sessions/show?session=s&team=team" + which;
        String page = "";
        for (int i = 0;
                i < 500 && !page.toLowerCase(java.util.Locale.ROOT).contains(text.toLowerCase(java.util.Locale.ROOT));
                i++) {
            page = browser.get(path).body();
            Thread.sleep(10);
        }
        return page;
    }

    private void keep(int number, int second, Capture level, String body) throws Exception {
        byte[] bytes = body.getBytes(UTF_8);
        var borders = MessageBorders.of(JsonReader.readObject(bytes), bytes.length);
        put(new Payload(
                whose(number, second),
                Part.REQUEST,
                level,
                new byte[Commitment.SALT_BYTES],
                bytes,
                bytes.length,
                0,
                false,
                head(0),
                () -> borders));
    }

    private void answer(int number, int second, String text) {
        byte[] bytes = new ReplyContent(text, "", List.of(), "stop", "").toJson();
        put(new Payload(
                whose(number, second),
                Part.REPLY,
                Capture.REDACTED,
                new byte[Commitment.SALT_BYTES],
                bytes,
                bytes.length,
                0,
                true,
                head(200),
                Payload.whole(bytes)));
    }

    private void put(Payload payload) {
        assertThat(payloads.reserve(payload.bytes().length)).isTrue();
        payloads.keep(payload, payload.bytes().length);
    }

    private static Payload.Whose whose(int number, int second) {
        Instant at = SampleSessions.START.plusSeconds(second);
        return new Payload.Whose("ex_" + number, at, "team", "coder", "s", "");
    }

    private static Head head(int status) {
        return new Head("POST", "openai", "/v1/chat/completions", "", "openai_chat", Map.of(), status);
    }

    private void add(ExchangeRow row) {
        rooms.index.add(row.received(), row.ended().orElseThrow());
    }
}
