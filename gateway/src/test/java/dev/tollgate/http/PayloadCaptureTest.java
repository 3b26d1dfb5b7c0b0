package dev.tollgate.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.GatewayFixture;
import dev.tollgate.GatewayFixture.Answer;
import dev.tollgate.GatewayFixture.Call;
import dev.tollgate.Numbered;
import dev.tollgate.ScriptedProvider;
import dev.tollgate.StreamScripts;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.PayloadNote;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.Payload;
import dev.tollgate.audit.payload.StoredPayload;
import dev.tollgate.wire.ReplyContent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PayloadCaptureTest {
    private static final String ADDRESS = "jane.roe" + "@" + "northwind-traders.com";

    private Optional<GatewayFixture> open = Optional.empty();

    @AfterEach
    void close() throws Exception {
        if (open.isPresent()) {
            open.get().close();
        }
    }

    private GatewayFixture fixture(String payloads, String scan) throws Exception {
        GatewayFixture fixture = new GatewayFixture(
                GatewayFixture.providers() + "payloads: " + payloads + "\nscan: " + scan + "\ndetect: {mode: off}\n");
        open = Optional.of(fixture);
        return fixture;
    }

    private static String id(Answer answer) {
        return answer.header("x-tollgate-exchange-id");
    }

    private static StoredPayload kept(GatewayFixture fixture, String exchange, Part part) throws Exception {
        return ((dev.tollgate.audit.payload.Answer.Kept) fixture.gateway
                        .payloads
                        .find(exchange, java.time.Instant.EPOCH, part)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get())
                .payload();
    }

    private static String text(StoredPayload payload) {
        return new String(payload.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void full_always_keepsBothAsTheyCame() throws Exception {
        GatewayFixture fixture = fixture("{capture: full}", "{mode: off}");

        Answer answer = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"));

        Ended ended = fixture.ended(id(answer));
        Received received = fixture.newest();
        StoredPayload request = kept(fixture, id(answer), Part.REQUEST);
        StoredPayload reply = kept(fixture, id(answer), Part.REPLY);
        assertThat(text(request)).isEqualTo(Call.OPENAI_CHAT.body("hello"));
        assertThat(text(reply)).isEqualTo(answer.body());
        assertThat(reply.head().status()).isEqualTo(200);
        assertThat(request.keeps(received.payload().commitment())).isTrue();
        assertThat(reply.keeps(ended.payload().commitment())).isTrue();
        assertThat(received.requestSha256()).isEmpty();
        assertThat(request.head().headers()).containsOnlyKeys("content-type");
    }

    @Test
    void stream_full_isKeptAsItWentOut() throws Exception {
        GatewayFixture fixture = fixture("{capture: full}", "{mode: off}");

        fixture.provider.on("streamed", turn -> StreamScripts.play(turn, Call.ANTHROPIC));

        Answer answer = fixture.post(Call.ANTHROPIC.path, Call.ANTHROPIC.streaming("hi"), "x-script", "streamed");

        Ended ended = fixture.ended(id(answer));
        StoredPayload reply = kept(fixture, id(answer), Part.REPLY);
        assertThat(answer.body()).startsWith(text(reply)).isNotEmpty();
        assertThat(answer.body().length() - text(reply).length()).isLessThan(200);
        assertThat(reply.keeps(ended.payload().commitment())).isTrue();
        assertThat(ReplyContent.of(reply.bytes())).isPresent();
    }

    @Test
    void redacted_observedFindings_areMaskedAllTheSame() throws Exception {
        GatewayFixture fixture = fixture("{capture: redacted}", "{mode: observe, personal: redact}");

        Answer answer = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("write to " + ADDRESS));

        Ended ended = fixture.ended(id(answer));
        StoredPayload request = kept(fixture, id(answer), Part.REQUEST);
        assertThat(Numbered.in(text(request))).isEqualTo(Call.OPENAI_CHAT.body("write to [EMAIL_1]"));
        assertThat(request.masked()).isEqualTo(1);
        assertThat(request.keeps(fixture.newest().payload().commitment())).isTrue();
        StoredPayload reply = kept(fixture, id(answer), Part.REPLY);
        assertThat(reply.isAssembled()).isTrue();
        assertThat(ReplyContent.parse(reply.bytes()).text()).isNotEmpty();
        assertThat(reply.keeps(ended.payload().commitment())).isTrue();
    }

    @Test
    void redacted_replyInWhichSomethingWasPutBack_isKeptWithPlaceholders() throws Exception {
        GatewayFixture fixture = fixture("{capture: redacted}", "{personal: restore}");
        fixture.provider.on(
                "echo",
                turn -> turn.json(
                        200,
                        EchoScripts.document(
                                Call.OPENAI_CHAT,
                                EchoScripts.Where.TEXT,
                                EchoScripts.said(Call.OPENAI_CHAT, turn.body()))));

        Answer answer =
                fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("write to " + ADDRESS), "x-script", "echo");

        Ended ended = fixture.ended(id(answer));
        assertThat(answer.body()).contains(ADDRESS);
        assertThat(text(kept(fixture, id(answer), Part.REQUEST))).doesNotContain(ADDRESS);
        assertThat(text(kept(fixture, id(answer), Part.REPLY)))
                .doesNotContain(ADDRESS)
                .contains("[EMAIL_");
        assertThat(ended.verdicts().getLast().detail()).isEqualTo("1 value was put back");
    }

    @Test
    void redacted_deniedCall_isKeptMasked() throws Exception {
        GatewayFixture fixture = fixture("{capture: redacted}", "{mode: enforce, personal: block}");

        Answer answer = fixture.post(Call.ANTHROPIC.path, Call.ANTHROPIC.body("write to " + ADDRESS));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(Numbered.in(text(kept(fixture, id(answer), Part.REQUEST))))
                .isEqualTo(Call.ANTHROPIC.body("write to [EMAIL_1]"));
        assertThat(fixture.ended(id(answer)).payload()).isNull();
    }

    @Test
    void levels_byTeamAndEndpoint_areTheFirstThatMatches() throws Exception {
        GatewayFixture fixture = fixture(
                "{capture: metadata, capture_for: [{teams: other, capture: none},"
                        + " {teams: \"test*\", endpoints: \"anthropic/*\", capture: full}, {agents: tester, models: \"gpt-*\", capture: none}]}",
                "{mode: off}");

        Answer anthropic = fixture.post(Call.ANTHROPIC.path, Call.ANTHROPIC.body("a"));
        Received kept = fixture.newest();
        Answer openai = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("b"));
        Received none = fixture.newest();
        Answer gemini = fixture.post(Call.GEMINI.path, Call.GEMINI.body("c"));
        Received metadata = fixture.newest();

        assertThat(fixture.ended(id(anthropic)).payload()).isNotNull();
        assertThat(fixture.ended(id(openai)).payload()).isNull();
        assertThat(fixture.ended(id(gemini)).payload()).isNull();
        assertThat(kept.payload()).isNotNull();
        assertThat(none.payload()).isNull();
        assertThat(none.requestSha256()).isEmpty();
        assertThat(metadata.payload()).isNull();
        assertThat(metadata.requestSha256()).hasSize(64);
        assertThat(fixture.gateway.payloads.kept)
                .extracting(payload -> payload.whose().exchange())
                .containsOnly(id(anthropic));
    }

    @Test
    void store_behind_refusesOrSaysSo() throws Exception {
        GatewayFixture fixture = fixture("{capture: full}", "{mode: off}");
        fixture.gateway.payloads.hasRoom = false;

        Answer refused = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(fixture.provider.bodies).isEmpty();
        fixture.close();
        GatewayFixture lenient = fixture("{capture: full, when_behind: open}", "{mode: off}");
        lenient.gateway.payloads.hasRoom = false;
        Answer passed = lenient.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hello"));
        assertThat(passed.status()).isEqualTo(200);
        assertThat(lenient.ended(id(passed)).payload()).isEqualTo(PayloadNote.missing("full", "store_behind"));
        assertThat(lenient.newest().payload()).isEqualTo(PayloadNote.missing("full", "store_behind"));
    }

    @Test
    void reply_longerThanTheLimit_isCutAndSaidSo() throws Exception {
        GatewayFixture fixture = fixture("{capture: full, reply: 1KiB}", "{mode: off}");
        String completion = ScriptedProvider.COMPLETION.replace("fine", "f".repeat(5000));
        fixture.provider.on("long", turn -> turn.json(200, completion));

        Answer answer = fixture.post(Call.OPENAI_CHAT.path, Call.OPENAI_CHAT.body("hi"), "x-script", "long");
        Ended unused = fixture.ended(id(answer));

        Payload reply = fixture.gateway.payloads.kept.stream()
                .filter(payload -> payload.part() == Part.REPLY)
                .findFirst()
                .orElseThrow();
        assertThat(reply.bytes()).hasSize(1024);
        assertThat(reply.total()).isEqualTo(answer.body().length());
    }
}
