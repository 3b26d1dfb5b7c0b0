package dev.tollgate.audit.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.audit.payload.KeyTable.TeamDay;
import dev.tollgate.audit.payload.KeyTable.Wrapped;
import dev.tollgate.audit.payload.PayloadEraser.Count;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Marked;
import dev.tollgate.audit.payload.PayloadShelf.Row;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import dev.tollgate.exchange.Json;
import dev.tollgate.exchange.JsonReader;
import dev.tollgate.policy.PayloadPolicy.Capture;
import dev.tollgate.value.Sha256;
import dev.tollgate.wire.MessageBorders;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every shelf keeps of its promise that copies of it are unreadable once something was erased. */
public abstract class ShreddingContract {
    protected static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    protected static final LocalDate DAY = LocalDate.parse("2026-11-21");
    protected static final PayloadKeys KEYS =
            PayloadKeys.parse(Base64.getEncoder().encodeToString(Sha256.of(new byte[] {1})));
    private static final Erased WORD = new Erased("", NOON.plusSeconds(60), "dpo", "asked to");
    private static final int MAX_STEPS = 60;

    protected PayloadShelf shelf;

    /** An empty shelf. */
    protected abstract PayloadShelf open() throws Exception;

    @BeforeEach
    final void begin() throws Exception {
        shelf = open();
    }

    @AfterEach
    final void end() {
        shelf.close();
    }

    protected static Payload chat(String exchange, String team, String session, String... messages) throws IOException {
        StringBuilder json = new StringBuilder("{\"model\":\"m\",\"messages\":[");
        for (int i = 0; i < messages.length; i++) {
            json.append(i == 0 ? "" : ", ").append("{\"role\":\"user\",\"content\":\"" + messages[i] + "\"}");
        }
        byte[] body = json.append("]}").toString().getBytes(UTF_8);
        Json.Obj read;
        try {
            read = (Json.Obj) JsonReader.read(body);
        } catch (Exception impossible) { // a function may throw none
            throw new IOException(impossible);
        }
        return new Payload(
                new Payload.Whose(exchange, NOON, team, "bot", session, "ann"),
                Part.REQUEST,
                Capture.FULL,
                new byte[16],
                body,
                body.length,
                0,
                false,
                new Head("POST", "openai", "chat/completions", "", "openai_chat", Map.of(), 0),
                () -> MessageBorders.of(read, body.length));
    }

    protected static void keep(PayloadShelf shelf, PayloadKeys keys, Payload... payloads) {
        try (PayloadWriter writer = PayloadWriter.start(shelf, keys, 1 << 20)) {
            for (Payload payload : payloads) {
                assertThat(writer.reserve(payload.bytes().length)).isTrue();
                writer.keep(payload, payload.bytes().length);
            }
        }
    }

    protected static Count erase(PayloadShelf shelf, PayloadKeys keys, String subject) throws IOException {
        return new PayloadEraser(shelf, keys).erase(Subject.parse(subject), WORD);
    }

    private Answer find(String exchange) throws IOException {
        return new PayloadReader(shelf, KEYS).find(exchange, NOON, Part.REQUEST);
    }

    private void assertKept(Payload payload) throws IOException {
        assertThat(find(payload.whose().exchange()))
                .isInstanceOfSatisfying(
                        Answer.Kept.class,
                        kept -> assertThat(kept.payload().bytes()).isEqualTo(payload.bytes()));
    }

    private Row row(String exchange) throws IOException {
        return shelf.read(
                        DAY,
                        drawer -> drawer.row(PayloadReader.nanos(NOON), exchange, Part.REQUEST)
                                .orElseThrow())
                .orElseThrow();
    }

    private Seal seal(String team) throws IOException {
        return new Seal(new TeamKeys(shelf.keys(), KEYS, DAY, team), KEYS.namer(shelf.secret(), team));
    }

    private byte[] open(Row row) throws IOException {
        return seal(row.team()).open(Packing.rowName(row.exchange(), row.part()), row.sealed());
    }

    private Marked under(String team, List<Wrapped> keys) throws IOException {
        Set<Long> marks = new HashSet<>();
        for (Wrapped key : keys) {
            marks.add(seal(team).markOf(key.id()));
        }
        return shelf.read(DAY, drawer -> drawer.marked(marks)).orElseThrow();
    }

    @Test
    void erasure_ofOneCall_makesAllOldCopiesOfTheTeamsDayUnreadable() throws Exception {
        Payload stays = chat("ex_2", "red", "s2", "shared", "of the second");
        Payload other = chat("ex_3", "blue", "s1", "of another team");
        keep(shelf, KEYS, chat("ex_1", "red", "s1", "shared", "of the first"), stays, other);
        List<Row> copies = List.of(row("ex_1"), row("ex_2"), row("ex_3"));
        List<Wrapped> before = shelf.keys().of(DAY, "red");
        List<Wrapped> blue = shelf.keys().of(DAY, "blue");

        assertThat(erase(shelf, KEYS, "exchange:ex_1").exchanges()).isEqualTo(1);

        assertThatThrownBy(() -> open(copies.get(0))).isInstanceOf(KeyGoneException.class);
        assertThatThrownBy(() -> open(copies.get(1))).isInstanceOf(KeyGoneException.class);
        assertThat(open(copies.get(2))).isNotEmpty();
        assertKept(stays);
        assertKept(other);
        assertThat(find("ex_1")).isInstanceOf(Answer.Erased.class);
        List<Wrapped> after = shelf.keys().of(DAY, "red");
        assertThat(after).hasSize(1).allMatch(Wrapped::shreds);
        assertThat(after.getFirst().id()).isNotEqualTo(before.getFirst().id());
        assertThat(shelf.keys().of(DAY, "blue").getFirst().id())
                .isEqualTo(blue.getFirst().id());
        assertThat(under("red", before)).isEqualTo(new Marked(Set.of(), Set.of()));
    }

    @Test
    void writer_behindAnErasure_usesTheNewKey() throws Exception {
        try (PayloadWriter writer = PayloadWriter.start(shelf, KEYS, 1 << 20)) {
            written(writer, chat("ex_1", "red", "s1", "first"));
            assertThat(erase(shelf, KEYS, "session:s1").exchanges()).isEqualTo(1);
            Payload later = chat("ex_2", "red", "s2", "first", "second");

            written(writer, later);

            assertKept(later);
            assertThat(shelf.keys().of(DAY, "red")).hasSize(1);
        }
    }

    private static void written(PayloadWriter writer, Payload payload) throws Exception {
        assertThat(writer.reserve(payload.bytes().length)).isTrue();
        writer.keep(payload, payload.bytes().length);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (writer.waiting() > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
        assertThat(writer.waiting()).isZero();
    }

    /** Killed before each step in turn: nobody else's payload may be lost, and what is left must be found again. */
    @Test
    void erasure_killedAnywhere_losesNothing_andIsCompletedByTheNext() throws Exception {
        int killed = 0;
        for (int steps = 0; steps < MAX_STEPS; steps++) {
            String team = "red" + steps;
            Payload gone = chat("ex_a" + steps, team, "s-a" + steps, "shared", "x", "of the first", "and more");
            Payload stays = chat("ex_b" + steps, team, "s-b" + steps, "shared", "x", "of the second");
            keep(shelf, KEYS, gone, stays);
            List<Row> copies =
                    List.of(row(gone.whose().exchange()), row(stays.whose().exchange()));
            List<Wrapped> before = shelf.keys().of(DAY, team);
            String subject = "session:s-a" + steps;
            try {
                assertThat(erase(new StumblingShelf(shelf, steps), KEYS, subject)
                                .exchanges())
                        .isEqualTo(1);
                break;
            } catch (IOException here) {
                assertThat(here).hasMessage("killed here");
                killed++;
            }

            assertKept(stays);
            Payload between = chat("ex_c" + steps, team, "s-c" + steps, "shared", "x", "of the third");
            keep(shelf, KEYS, between);
            assertKept(between);
            if (steps % 2 == 0) {
                int unused = new PayloadEraser(shelf, KEYS).finish();
            }
            Count unused = erase(shelf, KEYS, subject);

            assertKept(stays);
            assertKept(between);
            assertThat(find(gone.whose().exchange())).isInstanceOf(Answer.Erased.class);
            assertThat(shelf.keys().unfinished()).isEmpty();
            assertThat(under(team, before)).isEqualTo(new Marked(Set.of(), Set.of()));
            if (!shelf.keys().of(DAY, team).getFirst().equals(before.getFirst())) {
                assertThat(shelf.keys().of(DAY, team)).hasSize(1);
            }
            for (Row copy : copies) {
                assertThatThrownBy(() -> open(copy)).as("killed at %s", steps).isInstanceOf(KeyGoneException.class);
            }
            assertNothingStray(team);
        }
        assertThat(killed).isBetween(8, MAX_STEPS - 1);
    }

    /** Pieces and nodes that stand there are those that rows lead to. */
    private void assertNothingStray(String team) throws IOException {
        Set<PieceId> led = shelf.read(DAY, drawer -> {
                    OpenedDrawer opened = new OpenedDrawer(shelf, KEYS, drawer, DAY);
                    Set<PieceId> pieces = new HashSet<>();
                    for (Row row :
                            drawer.rows(new Subject(Subject.Kind.TEAM, team), PayloadShelf.Place.START, MAX_STEPS)) {
                        pieces.addAll(opened.pieces(row));
                    }
                    return pieces;
                })
                .orElseThrow();
        Marked there = under(team, shelf.keys().of(DAY, team));
        assertThat(there.pieces()).isEqualTo(led);
        assertThat(there.nodes()).isNotEmpty();
    }

    @Test
    void start_behindAKill_destroysTheOldKey() throws Exception {
        Payload stays = chat("ex_2", "red", "s2", "shared", "of the second");
        keep(shelf, KEYS, chat("ex_1", "red", "s1", "shared", "of the first"), stays);
        TeamKeys keys = new TeamKeys(shelf.keys(), KEYS, DAY, "red");
        assertThat(keys.renew()).isPresent();
        assertThat(shelf.keys().unfinished()).containsExactly(new TeamDay(DAY, "red"));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);

        try (ShelvedPayloads started = ShelvedPayloads.open(open(), KEYS, 1 << 20, InstantSource.fixed(NOON))) {
            while (!shelf.keys().unfinished().isEmpty() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(started.state().succeeded()).isTrue();
        }

        assertThat(shelf.keys().of(DAY, "red")).hasSize(1);
        assertKept(stays);
    }

    @Test
    void payloads_thatEarlierVersionsEncrypted_areReadAndErased() throws Exception {
        Payload old = chat("ex_1", "red", "s1", "shared", "of the first");
        Payload stays = chat("ex_2", "red", "s2", "shared", "of the second");
        boolean packed = shelf.change(DAY, drawer -> {
            Seal derived = new Seal(DayKeys.derived(KEYS, "red", DAY.toString()), KEYS.namer(shelf.secret(), "red"));
            Packing packing = new Packing(drawer);
            packing.add(old, derived);
            packing.add(stays, derived);
            packing.put();
            return true;
        });
        assertThat(packed).isTrue();
        assertKept(old);

        assertThat(erase(shelf, KEYS, "session:s1").exchanges()).isEqualTo(1);

        assertThat(find("ex_1")).isInstanceOf(Answer.Erased.class);
        assertKept(stays);
    }

    @Test
    void withoutAKey_erasingDeletes() throws Exception {
        PayloadKeys none = PayloadKeys.none();
        keep(shelf, none, chat("ex_1", "red", "s1", "shared", "first"), chat("ex_2", "red", "s2", "shared"));

        assertThat(erase(shelf, none, "session:s1").pieces()).isPositive();

        assertThat(shelf.keys().of(DAY, "red")).isEmpty();
        assertThat(new PayloadReader(shelf, none).find("ex_1", NOON, Part.REQUEST))
                .isInstanceOf(Answer.Erased.class);
        assertThat(new PayloadReader(shelf, none).find("ex_2", NOON, Part.REQUEST))
                .isInstanceOf(Answer.Kept.class);
    }

    @Test
    void wrappedKey_ofAnotherTeamOrDay_isNotTaken() throws Exception {
        keep(shelf, KEYS, chat("ex_1", "red", "s1", "first"));
        Wrapped red = shelf.keys().of(DAY, "red").getFirst();
        LocalDate next = DAY.plusDays(1);
        shelf.keys().add(new Wrapped(DAY, "blue", 1, red.id(), red.root(), red.sealed(), false));
        shelf.keys().add(new Wrapped(next, "red", 1, red.id(), red.root(), red.sealed(), false));
        shelf.keys().add(new Wrapped(DAY, "red", 2, red.id() + 1, red.root(), red.sealed(), false));

        for (TeamKeys moved : List.of(
                new TeamKeys(shelf.keys(), KEYS, DAY, "blue"),
                new TeamKeys(shelf.keys(), KEYS, next, "red"),
                new TeamKeys(shelf.keys(), KEYS, DAY, "red"))) {
            assertThatThrownBy(moved::current).hasMessageContaining("is damaged");
        }
        assertThatThrownBy(() -> shelf.keys().add(new Wrapped(DAY, "red", 1, 9, 9, new byte[1], false)))
                .isInstanceOf(IOException.class);
    }
}
