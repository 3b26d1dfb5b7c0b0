package dev.tollgate.audit.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.audit.payload.PayloadEraser.Count;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.value.Sha256;
import dev.tollgate.wire.MessageBorders;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every shelf keeps, whatever it is made of. */
public abstract class PayloadShelfContract {
    protected static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123456789Z");
    private static final PayloadKeys ENCRYPTED =
            PayloadKeys.parse(Base64.getEncoder().encodeToString(Sha256.of(new byte[] {1})));
    private static final Head HEAD = new Head(
            "POST", "openai", "chat/completions", "", "openai_chat", Map.of("content-type", "application/json"), 0);

    private PayloadShelf shelf;
    private ShelvedPayloads store;

    /** An empty shelf. */
    protected abstract PayloadShelf open() throws Exception;

    /** The same shelf, as another process would open it. */
    protected abstract PayloadShelf openAgain() throws Exception;

    @BeforeEach
    final void begin() throws Exception {
        shelf = open();
        store = store(shelf, ENCRYPTED);
    }

    @AfterEach
    final void end() {
        store.close();
    }

    protected static ShelvedPayloads store(PayloadShelf shelf, PayloadKeys keys) {
        return ShelvedPayloads.open(shelf, keys, 64 << 20, InstantSource.fixed(NOON.plusSeconds(60)));
    }

    protected static <T> T await(Future<T> answer) throws Exception {
        return answer.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Writes what was handed over, and begins anew with other keys. */
    private void reopen(PayloadKeys keys) throws Exception {
        store.close();
        shelf = openAgain();
        store = store(shelf, keys);
    }

    protected static Payload request(String exchange, Instant at, String agent, String session, byte[] body)
            throws Exception {
        Payload.Whose whose = new Payload.Whose(exchange, at, "red", agent, session, "ann");
        Json.Obj json = (Json.Obj) JsonReader.read(body);
        byte[] salt = Sha256.of(exchange.getBytes(StandardCharsets.UTF_8));
        return new Payload(
                whose,
                Part.REQUEST,
                Capture.FULL,
                salt,
                body,
                body.length,
                0,
                false,
                HEAD,
                () -> MessageBorders.of(json, body.length));
    }

    protected static Payload reply(String exchange, Instant at, String session, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return new Payload(
                new Payload.Whose(exchange, at, "red", "bot", session, "ann"),
                Part.REPLY,
                Capture.FULL,
                new byte[16],
                body,
                body.length + 7,
                0,
                false,
                HEAD,
                Payload.whole(body));
    }

    private static byte[] chat(String... messages) {
        StringBuilder json = new StringBuilder("{\"model\":\"m\",\"messages\":[");
        for (int i = 0; i < messages.length; i++) {
            json.append(i == 0 ? "" : ", ").append("{\"role\":\"user\",\"content\":\"" + messages[i] + "\"}");
        }
        return json.append("],\"stream\":true}").toString().getBytes(StandardCharsets.UTF_8);
    }

    private void keep(Payload... payloads) throws Exception {
        for (Payload payload : payloads) {
            assertThat(store.reserve(payload.bytes().length)).isTrue();
            store.keep(payload, payload.bytes().length);
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!store.state().result().startsWith("0 ") && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(store.state().result()).startsWith("0 bytes wait");
    }

    private StoredPayload kept(String exchange, Instant at, Part part) throws Exception {
        return ((Answer.Kept) await(store.find(exchange, at, part))).payload();
    }

    @Test
    void payload_kept_comesBackByteForByte() throws Exception {
        byte[] body = chat("one", "two \\u00e9 three");
        Payload request = request("ex_1", NOON, "bot", "s1", body);

        keep(request, reply("ex_1", NOON, "s1", "data: hello\n\n"));

        StoredPayload found = kept("ex_1", NOON, Part.REQUEST);
        assertThat(found.bytes()).isEqualTo(body);
        assertThat(found.head()).isEqualTo(HEAD);
        assertThat(found.whose()).isEqualTo(request.whose());
        assertThat(found.keeps(Commitment.of(request.salt(), Sha256.of(body)))).isTrue();
        assertThat(found.keeps(Commitment.of(request.salt(), Sha256.of(chat("other")))))
                .isFalse();
        StoredPayload reply = kept("ex_1", NOON, Part.REPLY);
        assertThat(new String(reply.bytes(), StandardCharsets.UTF_8)).isEqualTo("data: hello\n\n");
        assertThat(reply.isCut()).isTrue();
        assertThat(await(store.find("ex_2", NOON, Part.REQUEST))).isEqualTo(new Answer.Missing());
        assertThat(await(store.find("ex_1", NOON.minusSeconds(90_000), Part.REQUEST)))
                .isEqualTo(new Answer.Missing());
        assertThat(await(store.find("ex_1", NOON.plusNanos(1), Part.REQUEST))).isEqualTo(new Answer.Missing());
    }

    @Test
    void payloads_ofADay_areCountedAndNamedUpToAMoment() throws Exception {
        keep(
                request("ex_1", NOON, "bot", "s1", chat("one")),
                reply("ex_1", NOON, "s1", "hello"),
                request("ex_2", NOON.plusSeconds(1), "bot", "s1", chat("one", "two")));
        PayloadReader reader = new PayloadReader(shelf, ENCRYPTED);
        LocalDate day = PayloadReader.dayOf(NOON);
        List<String> named = new ArrayList<>();

        reader.places(day, NOON.plusSeconds(1), (whose, part) -> named.add(whose.exchange() + " " + part.id()));

        assertThat(named).containsExactly("ex_1 request", "ex_1 reply");
        assertThat(reader.days()).containsExactly(day);
        assertThat(reader.count(day, NOON)).isZero();
        assertThat(reader.count(day, NOON.plusSeconds(1))).isEqualTo(2);
        assertThat(reader.count(day, NOON.plusSeconds(2))).isEqualTo(3);
        assertThat(reader.count(day.plusDays(1), NOON.plusSeconds(90_000))).isZero();
    }

    @Test
    void session_grown_tellsWhatWasNewInEachCall() throws Exception {
        keep(
                request("ex_1", NOON, "bot", "s1", chat("first")),
                reply("ex_1", NOON, "s1", "answer"),
                request("ex_2", NOON.plusSeconds(1), "bot", "s1", chat("first", "second")),
                request("ex_3", NOON.plusSeconds(2), "bot", "other", chat("first", "else")),
                request("ex_4", NOON.plusSeconds(3), "bot", "s1", chat("first", "second", "second")));

        List<Step> steps = await(store.session("s1", NOON, NOON.plusSeconds(60)));

        assertThat(steps).extracting(step -> step.whose().exchange()).containsExactly("ex_1", "ex_2", "ex_4");
        assertThat(steps.get(0).reply()).isNotNull();
        assertThat(newMessages(steps.get(0))).containsExactly("{\"role\":\"user\",\"content\":\"first\"}");
        assertThat(newMessages(steps.get(1))).containsExactly(", {\"role\":\"user\",\"content\":\"second\"}");
        // The same words again are a new message.
        assertThat(newMessages(steps.get(2))).containsExactly(", {\"role\":\"user\",\"content\":\"second\"}");
    }

    private static List<String> newMessages(Step step) {
        return step.pieces().stream()
                .filter(piece -> piece.isNew() && piece.isConversation())
                .map(piece -> new String(piece.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void erasure_ofASession_leavesWhatOthersShare() throws Exception {
        String shared = "shared ".repeat(200);
        keep(
                request("ex_1", NOON, "bot", "s1", chat(shared, "only of the first session")),
                reply("ex_1", NOON, "s1", "only the answer"),
                request("ex_2", NOON.plusSeconds(1), "bot", "s2", chat(shared, "of the second")));

        Count count = await(store.erase(new Subject(Subject.Kind.SESSION, "s1"), "dpo", "asked to"));

        assertThat(count.exchanges()).isEqualTo(1);
        assertThat(count.pieces()).isPositive();
        assertThat(count.shared()).isPositive();
        assertThat(await(store.find("ex_1", NOON, Part.REQUEST)))
                .isEqualTo(new Answer.Erased(new PayloadShelf.Erased("ex_1", NOON.plusSeconds(60), "dpo", "asked to")));
        assertThat(await(store.find("ex_1", NOON, Part.REPLY))).isInstanceOf(Answer.Erased.class);
        assertThat(kept("ex_2", NOON.plusSeconds(1), Part.REQUEST).bytes()).isEqualTo(chat(shared, "of the second"));
        assertThat(await(store.search(search("only of the first"))).hits()).isEmpty();
    }

    @Test
    void erased_sentAgain_isKeptAgain() throws Exception {
        byte[] body = chat("first", "second");
        keep(request("ex_1", NOON, "bot", "s1", body));
        assertThat(await(store.erase(Subject.parse("exchange:ex_1"), "dpo", "test"))
                        .exchanges())
                .isEqualTo(1);

        keep(request("ex_2", NOON.plusSeconds(1), "bot", "s1", body));

        assertThat(kept("ex_2", NOON.plusSeconds(1), Part.REQUEST).bytes()).isEqualTo(body);
    }

    @Test
    void erasure_byAnotherProcess_isSeenByTheWriter() throws Exception {
        byte[] body = chat("first", "second");
        keep(request("ex_1", NOON, "bot", "s1", body));

        try (ShelvedPayloads other = store(openAgain(), ENCRYPTED)) {
            assertThat(await(other.erase(Subject.parse("agent:bot"), "dpo", "test"))
                            .exchanges())
                    .isEqualTo(1);
        }
        keep(request("ex_2", NOON.plusSeconds(61), "bot", "s1", body));

        assertThat(kept("ex_2", NOON.plusSeconds(61), Part.REQUEST).bytes()).isEqualTo(body);
        assertThat(await(store.find("ex_1", NOON, Part.REQUEST))).isInstanceOf(Answer.Erased.class);
    }

    @Test
    void payload_thatWaitsWhileItsSubjectIsErasedElsewhere_isNotWritten() throws Exception {
        Instant midnight = Instant.parse("2026-11-21T23:59:59Z");
        try (ShelvedPayloads other =
                ShelvedPayloads.open(openAgain(), ENCRYPTED, 64 << 20, InstantSource.fixed(midnight.plusSeconds(2)))) {
            for (String subject : List.of("session:s1", "user:ann2", "agent:bot", "exchange:ex_9", "session:s1")) {
                assertThat(await(other.erase(Subject.parse(subject), "dpo", "asked to"))
                                .exchanges())
                        .isZero();
            }
        }

        keep(
                request("ex_1", midnight, "spider", "s1", chat("of a session that is erased")),
                reply("ex_1", midnight, "s1", "answer"),
                request("ex_2", midnight.plusSeconds(1), "bot", "s2", chat("of an agent that is erased")),
                request("ex_3", midnight.plusSeconds(3), "spider", "s1", chat("came later")),
                request("ex_4", midnight, "spider", "s4", chat("of nobody who is erased")));

        assertThat(await(store.find("ex_1", midnight, Part.REQUEST)))
                .isEqualTo(
                        new Answer.Erased(new PayloadShelf.Erased("ex_1", midnight.plusSeconds(2), "dpo", "asked to")));
        assertThat(await(store.find("ex_1", midnight, Part.REPLY))).isInstanceOf(Answer.Erased.class);
        assertThat(await(store.find("ex_2", midnight.plusSeconds(1), Part.REQUEST)))
                .isInstanceOf(Answer.Erased.class);
        assertThat(kept("ex_3", midnight.plusSeconds(3), Part.REQUEST).bytes()).isEqualTo(chat("came later"));
        assertThat(kept("ex_4", midnight, Part.REQUEST).bytes()).isEqualTo(chat("of nobody who is erased"));
    }

    private static Search search(String text) {
        return new Search(text, Subject.ALL, NOON.minusSeconds(100_000), NOON.plusSeconds(100_000), 10);
    }

    @Test
    void search_findsTheCallThatBroughtTheTextIn() throws Exception {
        keep(
                request("ex_1", NOON, "bot", "s1", chat("first", "the \\\"Golden\\\" parrot")),
                request("ex_2", NOON.plusSeconds(1), "bot", "s1", chat("first", "the \\\"Golden\\\" parrot", "x")),
                reply("ex_2", NOON.plusSeconds(1), "s1", "nothing"));

        Search.Result found = await(store.search(search("\"golden\" PARROT")));

        assertThat(found.isWhole()).isTrue();
        assertThat(found.hits()).extracting(Search.Hit::exchange).containsExactly("ex_1");
        assertThat(found.hits().get(0).around()).contains("Golden");
        assertThat(await(store.search(search("cockatoo"))).hits()).isEmpty();
    }

    @Test
    void days_dropped_takeTheirPayloadsAlong() throws Exception {
        Instant yesterday = NOON.minusSeconds(86_400);
        keep(request("ex_1", yesterday, "bot", "s1", chat("old")), request("ex_2", NOON, "bot", "s1", chat("new")));

        List<PayloadStore.Dropped> dropped = await(store.dropBefore(LocalDate.parse("2026-11-21")));

        assertThat(dropped).extracting(PayloadStore.Dropped::day).containsExactly(LocalDate.parse("2026-11-20"));
        assertThat(await(store.find("ex_1", yesterday, Part.REQUEST))).isEqualTo(new Answer.Missing());
        assertThat(shelf.keys().of(LocalDate.parse("2026-11-20"), "red")).isEmpty();
        assertThat(kept("ex_2", NOON, Part.REQUEST).bytes()).isEqualTo(chat("new"));
    }

    @Test
    void key_rotated_readsWhatTheOldOneSealed() throws Exception {
        String old = Base64.getEncoder().encodeToString(Sha256.of(new byte[] {1}));
        String now = Base64.getEncoder().encodeToString(Sha256.of(new byte[] {2}));
        keep(request("ex_1", NOON, "bot", "s1", chat("before")));

        reopen(PayloadKeys.parse(now + "\n" + old));
        keep(request("ex_2", NOON.plusSeconds(1), "bot", "s1", chat("before", "after")));

        assertThat(kept("ex_1", NOON, Part.REQUEST).bytes()).isEqualTo(chat("before"));
        assertThat(kept("ex_2", NOON.plusSeconds(1), Part.REQUEST).bytes()).isEqualTo(chat("before", "after"));
        reopen(PayloadKeys.parse(now));
        assertThat(kept("ex_2", NOON.plusSeconds(1), Part.REQUEST).bytes()).isEqualTo(chat("before", "after"));
        assertThatThrownBy(() -> kept("ex_1", NOON, Part.REQUEST)).hasMessageContaining("payloads.key");
    }

    @Test
    void session_ofAHundredTurns_growsWithWhatIsNew() throws Exception {
        for (boolean isAnthropic : new boolean[] {false, true}) {
            List<byte[]> requests = AgentSession.requests(1, 100, 64 * 1024, isAnthropic);
            String session = "long" + isAnthropic;
            for (int i = 0; i < requests.size(); i++) {
                Instant at = NOON.plusMillis(i);
                keepWithoutWaiting(request("ex_" + isAnthropic + i, at, "bot", session, requests.get(i)));
            }
            keep();

            List<Step> steps = await(store.session(session, NOON, NOON.plusSeconds(60)));

            long added = steps.stream()
                    .flatMap(step -> step.pieces().stream())
                    .filter(Step.Piece::isNew)
                    .mapToLong(piece -> piece.bytes().length)
                    .sum();
            assertThat(added).isLessThan(2L * requests.getLast().length);
            assertThat(kept("ex_" + isAnthropic + 99, NOON.plusMillis(99), Part.REQUEST)
                            .bytes())
                    .isEqualTo(requests.getLast());
        }
    }

    private void keepWithoutWaiting(Payload payload) {
        assertThat(store.reserve(payload.bytes().length)).isTrue();
        store.keep(payload, payload.bytes().length);
    }
}
