package dev.tollgate.audit.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Records;
import dev.tollgate.audit.payload.PayloadReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PayloadCheckTest extends PayloadLog {
    @Test
    void payloads_asTheyWereWritten_matchTheirRecords() throws Exception {
        assertThat(check(LATER)).isEqualTo(new PayloadCheck.Report(10, 5 * (10 + 6), 0, 0, 0, List.of(), List.of()));
    }

    @Test
    void payload_thatIsAnother_isNamed() throws Exception {
        call("ex_swapped", "what was asked", "what somebody would like it to be");

        PayloadCheck.Report found = check(LATER);

        assertThat(found.wrong()).isEqualTo(1);
        assertThat(found.flaws().getFirst())
                .startsWith("the request of ex_swapped is not the one that record ")
                .doesNotContain("what");
    }

    @Test
    void payload_thatWasDamaged_isNamed() throws Exception {
        sql("UPDATE piece SET sealed = substr(sealed, 1, length(sealed) - 1) || x'00'"
                + " WHERE rowid = (SELECT min(rowid) FROM piece)");

        PayloadCheck.Report found = check(LATER);

        assertThat(found.wrong()).isPositive();
        assertThat(found.flaws().getFirst()).startsWith("the re");
    }

    @Test
    void payload_thatIsMissing_isNamedUnlessItMayStillBeWritten() throws Exception {
        sql("DELETE FROM payload WHERE exchange = 'ex_3'");

        assertThat(check(LATER).flaws()).hasSize(2).allMatch(flaw -> flaw.contains("of ex_3, to which record"));
        assertThat(check(Records.NOON.plusSeconds(10)).notes())
                .containsExactly("2 of the last minute are not there, and may still be written");
        assertThat(check(Records.NOON.plusSeconds(10)).isGood()).isTrue();
    }

    @Test
    void payload_thatWasErased_isCountedWhereTheLogSaysTheSame() throws Exception {
        say(LATER, "payload_erasure_asked", "exchange:ex_2", Map.of("reason", "asked"));
        erase("ex_2");
        say(LATER.plusSeconds(61), "done", "", Map.of());

        PayloadCheck.Report found = check(LATER.plusSeconds(62));
        assertThat(found.erased()).isEqualTo(2);
        assertThat(found.matching()).isEqualTo(8);
        assertThat(found.isGood()).isTrue();
    }

    @Test
    void payload_thatOnlyTheStoreCallsErased_isNamedOnceTheLogReachesSoFar() throws Exception {
        say(LATER, "payload_erasure_asked", "exchange:ex_1", Map.of("reason", "asked"));
        erase("ex_2");

        assertThat(check(LATER.plusSeconds(60)).notes()).hasSize(1).allMatch(note -> note.startsWith("2 were erased"));

        say(LATER.plusSeconds(30), "done meanwhile", "", Map.of());

        assertThat(check(LATER.plusSeconds(60)).notes()).hasSize(1).allMatch(note -> note.startsWith("2 were erased"));

        say(LATER.plusSeconds(61), "done", "", Map.of());

        assertThat(check(LATER.plusSeconds(62)).flaws())
                .hasSize(2)
                .allMatch(flaw -> flaw.contains("of ex_2, to which record") && flaw.endsWith("and no log does"));
    }

    @Test
    void payload_movedToAnotherSession_isNamed() throws Exception {
        sql("UPDATE payload SET session = 'session-b' WHERE exchange = 'ex_4' AND part = 0");

        PayloadCheck.Report found = check(LATER);

        assertThat(found.wrong()).isEqualTo(1);
        assertThat(found.flaws().getFirst())
                .startsWith("the request of ex_4 is kept under another team, agent, session or user than record ");
    }

    @Test
    void day_thatWasDropped_isNoFlawOnlyWhereTheLogSaysSo() throws Exception {
        assertThat(shelf.drop(PayloadReader.dayOf(Records.NOON))).isPresent();
        assertThat(check(LATER).wrong()).isEqualTo(10);

        await(journal.append(new Administrative(LATER, "payloads_dropped", "gateway", "2026-03-01", Map.of())));

        assertThat(check(LATER)).isEqualTo(new PayloadCheck.Report(0, 0, 0, 10, 0, List.of(), List.of()));
    }
}
