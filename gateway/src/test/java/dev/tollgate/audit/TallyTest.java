package dev.tollgate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.NanoUsd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void ended_atACost_isSpentInItsCounters() {
        tally.add(Records.received("ex_1"));
        tally.add(Records.ended("ex_1"));

        assertThat(tally.spent()).isEqualTo(Map.of(Records.COUNTER, 1_500_000L));
        assertThat(tally.open()).isEmpty();
    }

    /** As the ledger was told: a call without a price settles at nothing. */
    @Test
    void ended_withoutAPrice_isSpentNowhereAndOver() {
        tally.add(Records.received("ex_1"));
        tally.add(Records.ended("ex_1", Records.NOON, "completed", "openai/small-1", null));

        assertThat(tally.spent()).isEmpty();
        assertThat(tally.orphans(Records.NOON)).isEmpty();
    }

    @Test
    void ended_withoutHavingReachedAProvider_isSpentNowhere() {
        tally.add(Records.received("ex_1"));
        tally.add(Records.ended("ex_1", Records.NOON, "denied", "", 1_500_000L));

        assertThat(tally.spent()).isEmpty();
        assertThat(tally.open()).isEmpty();
    }

    @Test
    void ended_again_countsOnce() {
        tally.add(Records.received("ex_1"));
        tally.add(Records.ended("ex_1"));
        tally.add(Records.ended("ex_1"));

        assertThat(tally.spent()).isEqualTo(Map.of(Records.COUNTER, 1_500_000L));
    }

    @Test
    void marksToldOf_areKeptInTheFile_andWhatIsNotUnderstoodIsNot(@TempDir Path folder) throws Exception {
        tally.add(reached("session \"a\"/b", "50"));
        tally.add(reached("session \"a\"/b", "80"));
        tally.add(reached("all", "no number"));
        Head head = new Head(ChainId.first().toString(), 1, RecordHash.NONE, Position.START);
        TallyFile.write(folder.resolve(TallyFile.NAME), new TallyFile.Kept(tally, new Seals(), head));

        assertThat(TallyFile.read(folder.resolve(TallyFile.NAME))
                        .orElseThrow()
                        .tally()
                        .told())
                .isEqualTo(tally.told())
                .isEqualTo(Map.of("daily/session \"a\"/b/2026-11-22T00:00:00Z", 80));
    }

    private static Administrative reached(String counter, String percent) {
        return new Administrative(
                Records.NOON,
                Administrative.BUDGET_REACHED,
                "gateway",
                "daily",
                Map.of(
                        "budget",
                        "daily",
                        "counter",
                        counter,
                        "percent",
                        percent,
                        "starts_anew",
                        "2026-11-22T00:00:00Z"));
    }

    @Test
    void orphan_forWhichMoreWasHeld_isChargedThat() {
        tally.add(Records.received("ex_1"));
        tally.add(raised("ex_1", "9000000"));
        tally.add(raised("ex_unknown", "1"));
        tally.add(raised("ex_1", "not a number"));
        Ended end = tally.orphans(Records.NOON).get(0).ended();
        tally.add(end);

        assertThat(end.cost()).isEqualTo(new NanoUsd(9_000_000));
        assertThat(tally.spent()).isEqualTo(Map.of(Records.COUNTER, 9_000_000L));
    }

    @Test
    void orphan_behindALostAttempt_isChargedBoth_andReadBackFromTheFile(@TempDir Path folder) throws Exception {
        List<LostAttempt> lost = List.of(new LostAttempt("openai/small-1", 5, new NanoUsd(300)));
        tally.add(Records.received("ex_1"));
        tally.add(new Administrative(
                Records.NOON,
                Administrative.HOLD_RAISED,
                "gateway",
                "ex_1",
                Map.of("nanos", "2000300", "tokens", "12", "lost", LostAttempt.write(lost))));
        Head head = new Head(ChainId.first().toString(), 1, RecordHash.NONE, Position.START);
        TallyFile.write(folder.resolve(TallyFile.NAME), new TallyFile.Kept(tally, new Seals(), head));
        Tally read =
                TallyFile.read(folder.resolve(TallyFile.NAME)).orElseThrow().tally();

        assertThat(read.open()).isEqualTo(tally.open());
        Recovered.Orphan orphan = read.orphans(Records.NOON).get(0);
        assertThat(orphan.reservation().heldIn(Records.COUNTER)).isEqualTo(2_000_300);
        assertThat(orphan.ended().cost()).isEqualTo(new NanoUsd(2_000_300));
        assertThat(orphan.ended().lost()).isEqualTo(lost);
        read.add(orphan.ended());
        assertThat(read.spent()).isEqualTo(Map.of(Records.COUNTER, 2_000_300L));
    }

    private static Administrative raised(String exchange, String nanos) {
        return new Administrative(
                Records.NOON, Administrative.HOLD_RAISED, "gateway", exchange, Map.of("nanos", nanos, "tokens", "7"));
    }

    @Test
    void orphan_thatMayHaveBeenServed_isChargedWhatWasHeld() {
        tally.add(Records.received("ex_1"));
        Ended end = tally.orphans(Records.NOON).get(0).ended();
        tally.add(end);

        assertThat(end.result()).isEqualTo("aborted");
        assertThat(tally.spent()).isEqualTo(Map.of(Records.COUNTER, 2_000_000L));
    }

    @Test
    void orphan_thatWasDenied_costsNothing() {
        List<Verdict> verdicts = new ArrayList<>(Records.received("ex_1").verdicts());
        verdicts.add(new Verdict("detect", "deny", "injection", List.of(), "", 1));
        tally.add(with(Records.received("ex_1"), verdicts));

        assertThat(tally.orphans(Records.NOON).get(0).ended().cost()).isEqualTo(NanoUsd.ZERO);
    }

    @Test
    void orphan_withoutAPrice_hasNone() {
        Received received = Records.received("ex_1");
        tally.add(new Received(
                received.exchange(),
                received.at(),
                received.policy(),
                received.method(),
                received.endpoint(),
                received.wire(),
                received.key(),
                received.agent(),
                received.team(),
                received.session(),
                received.model(),
                received.targets(),
                received.requestBytes(),
                received.requestSha256(),
                received.notScanned(),
                received.verdicts(),
                null,
                null));
        Recovered.Orphan orphan = tally.orphans(Records.NOON).get(0);
        tally.add(orphan.ended());

        assertThat(orphan.ended().cost()).isNull();
        assertThat(orphan.reservation()).isNull();
        assertThat(tally.spent()).isEmpty();
    }

    private static Received with(Received received, List<Verdict> verdicts) {
        return new Received(
                received.exchange(),
                received.at(),
                received.policy(),
                received.method(),
                received.endpoint(),
                received.wire(),
                received.key(),
                received.agent(),
                received.team(),
                received.session(),
                received.model(),
                received.targets(),
                received.requestBytes(),
                received.requestSha256(),
                received.notScanned(),
                verdicts,
                received.reservation(),
                received.estimate());
    }
}
