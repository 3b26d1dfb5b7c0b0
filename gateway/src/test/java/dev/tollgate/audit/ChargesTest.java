package dev.tollgate.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.exchange.Reservation;
import dev.tollgate.exchange.Spend;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.Amounts;
import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.Unit;
import dev.tollgate.value.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChargesTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String MONEY = "a/model/m/2026-11-21";
    private static final String TOKENS = "tokens:b/all/2026-11-21";
    private static final String REQUESTS = "requests:c/all/2026-11-21";
    private static final Reservation HELD = new Reservation(
            new Amounts(1_000, 500, 1),
            List.of(MONEY, TOKENS, REQUESTS),
            Map.of(MONEY, Set.of("openai/m")),
            NOON,
            "b",
            Unit.TOKENS,
            new Amounts(4_000, 70, Reservation.UNLIMITED));

    @Test
    void endedCall_isChargedWhatItUsed_inEachUnit() {
        Spend spend = Charges.of(List.of(), HELD, ended("completed", 2, "openai/m", used(100, 20), 300L))
                .orElseThrow();

        assertThat(charged(spend)).containsExactly(300L, 120L, 1L);
    }

    @Test
    void counterOfAnotherTarget_isChargedNothing() {
        Spend spend = Charges.of(List.of(), HELD, ended("completed", 1, "openai/other", used(100, 20), 300L))
                .orElseThrow();

        assertThat(charged(spend)).containsExactly(0L, 120L, 1L);
    }

    @Test
    void callThatReachedNoProvider_givesItsRequestBack() {
        assertThat(Charges.of(List.of(), HELD, ended("denied", 0, "", Usage.NONE, null)))
                .isEmpty();
    }

    @Test
    void callThatAProviderRefused_countsAsARequest() {
        Spend spend = Charges.of(List.of(), HELD, ended("provider_error", 1, "openai/m", Usage.NONE, 0L))
                .orElseThrow();

        assertThat(charged(spend)).containsExactly(0L, 0L, 1L);
    }

    @Test
    void callOfWhichNobodyKnows_isChargedWhatWasHeld_unlessItWasNotSent() {
        Ended aborted = ended("aborted", 0, "", Usage.NONE, 1_000L);
        Ended broken = ended("internal_error", 1, "", Usage.NONE, 1_000L);

        assertThat(charged(Charges.of(List.of(), HELD, aborted).orElseThrow())).containsExactly(1_000L, 500L, 1L);
        assertThat(charged(Charges.of(List.of(), HELD, broken).orElseThrow())).containsExactly(1_000L, 500L, 1L);
        assertThat(Charges.of(List.of(new Verdict("scan", "deny", "x", List.of(), "", 1)), HELD, aborted))
                .isEqualTo(Optional.empty());
    }

    @Test
    void lostAttempts_areCharged_andReadBackAsTheyWereWritten() throws IOException {
        Ended ended = ended(
                "completed",
                2,
                "openai/m",
                used(10, 5),
                1_000L,
                new LostAttempt("openai/m", 7, new NanoUsd(400)),
                new LostAttempt("own/m", 8, null));

        Spend spend = Charges.of(List.of(), HELD, ended).orElseThrow();

        assertThat(charged(spend)).as("money, tokens, requests").containsExactly(1_000L, 30L, 1L);
        assertThat(LostAttempt.read(LostAttempt.write(ended.lost()))).isEqualTo(ended.lost());
        assertThat(RecordReader.read(RecordWriter.write(ended))).isEqualTo(ended);
    }

    @Test
    void lostAttempt_isChargedWhereItCounts_andWhatServedWhereThatDoes() {
        Ended ended =
                ended("completed", 2, "own/m", used(10, 5), 1_000L, new LostAttempt("openai/m", 7, new NanoUsd(400)));

        Spend spend = Charges.of(List.of(), HELD, ended).orElseThrow();

        assertThat(charged(spend)).as("the money of openai/m alone").containsExactly(400L, 22L, 1L);
        assertThat(Reservation.charge("requests:c/all/x", Map.of("requests:c/all/x", Set.of("openai/m")), spend))
                .as("what was lost was asked too")
                .isEqualTo(1);
        assertThat(Reservation.charge("requests:c/all/x", Map.of("requests:c/all/x", Set.of("gone/m")), spend))
                .isZero();
    }

    @Test
    void callOfWhichNobodyKnows_behindALostAttempt_isChargedToWhateverMayHaveServed() {
        Ended aborted = ended("aborted", 0, "", Usage.NONE, 1_400L, new LostAttempt("openai/m", 7, new NanoUsd(400)));

        Spend spend = Charges.of(List.of(), HELD, aborted).orElseThrow();

        assertThat(charged(spend)).as("what is lost does not serve").containsExactly(400L, 507L, 1L);
        assertThat(Reservation.charge("a/all/x", Map.of(), spend)).isEqualTo(1_400);
    }

    @Test
    void reservation_isReadBackAsItWasWritten() throws IOException {
        CanonicalJson json = new CanonicalJson(500).beginObject();
        RecordWriter.reservation(json, HELD);
        String written = new String(json.endObject().toByteArray(), UTF_8);

        assertThat(read(written)).isEqualTo(HELD);
    }

    @Test
    void reservation_ofAnOlderRecord_isOfMoney() throws IOException {
        String older = """
                {"reservation":{"amount_nanos":30,"counters":["daily/key/k_1/2026-11-21"],\
                "lease_until":"2026-11-21T12:00:00Z","tightest":"daily","remaining_nanos":70}}""";

        assertThat(read(older))
                .isEqualTo(new Reservation(
                        new NanoUsd(30), List.of("daily/key/k_1/2026-11-21"), NOON, "daily", new NanoUsd(70)));
    }

    private static List<Long> charged(Spend spend) {
        return HELD.counters().stream()
                .map(counter -> HELD.chargeTo(counter, spend))
                .toList();
    }

    private static Usage used(long input, long output) {
        return Usage.of(input, output, Usage.Source.REPORTED);
    }

    private static Ended ended(
            String result, int attempts, String target, Usage usage, Long nanos, LostAttempt... lost) {
        NanoUsd cost = nanos == null ? null : new NanoUsd(nanos);
        return new Ended(
                new ExchangeId("ex_1"),
                NOON,
                result,
                200,
                "",
                target,
                attempts,
                usage,
                cost,
                0,
                0,
                0,
                0,
                null,
                List.of(lost),
                List.of());
    }

    private static Reservation read(String json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            parser.nextToken();
            parser.nextToken();
            return ReceivedMembers.reservation(parser);
        }
    }
}
