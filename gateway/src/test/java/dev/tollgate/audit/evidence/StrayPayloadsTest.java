package dev.tollgate.audit.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.Records;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadReader;
import dev.tollgate.audit.payload.PayloadWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Payloads that no gateway wrote. */
final class StrayPayloadsTest extends PayloadLog {
    @Test
    void payload_toWhichNoRecordCommits_isNamed() throws Exception {
        say(LATER, "done", "", Map.of());
        try (PayloadWriter writer = PayloadWriter.start(shelf, KEYS, 1 << 20)) {
            keep(writer, "ex_forged", Part.REQUEST, "what nobody asked");
        }
        sql("INSERT INTO payload SELECT nanos + 1, exchange, part, team, agent, session, user, sealed FROM payload"
                + " WHERE exchange = 'ex_1' AND part = 1");

        PayloadCheck.Report found = check(LATER);

        assertThat(found.wrong()).isEqualTo(2);
        assertThat(found.flaws())
                .containsExactlyInAnyOrder(
                        "the request of ex_forged, kept on 2026-03-01, is one to which no record commits",
                        "the reply of ex_1, kept on 2026-03-01, is one to which no record commits");
        assertThat(found.matching()).isEqualTo(10);
    }

    @Test
    void payload_behindTheEndOfTheLog_isNoFlaw() throws Exception {
        try (PayloadWriter writer = PayloadWriter.start(shelf, KEYS, 1 << 20)) {
            keep(writer, "ex_new", Part.REQUEST, "a call that came in since", Records.NOON.plusSeconds(600));
        }

        PayloadCheck.Report found = check(LATER);

        assertThat(found.isGood()).isTrue();
        assertThat(found.notes()).hasSize(1).allMatch(note -> note.startsWith("1 more are of calls before"));
    }

    @Test
    void payloads_ofSeveralNodes_areHeldAgainstAllLogs(@TempDir Path other) throws Exception {
        say(LATER, "done", "", Map.of());
        try (Journal second = JournalFolder.open(other, JournalFolder.FAST);
                PayloadWriter writer = PayloadWriter.start(shelf, KEYS, 1 << 20)) {
            await(second.append(received("ex_there", note("ex_there", "asked there"))));
            await(second.append(new Administrative(
                    LATER, "payload_erasure_asked", "ann", "exchange:ex_3", Map.of("reason", "asked"))));
            keep(writer, "ex_there", Part.REQUEST, "asked there");
        }
        erase("ex_3");
        PayloadReader reader = new PayloadReader(shelf, KEYS);

        PayloadCheck.Report both = PayloadCheck.check(List.of(log(data), log(other)), reader, LATER);
        PayloadCheck.Report one = PayloadCheck.check(List.of(log(data)), reader, LATER);

        assertThat(both.isGood()).isTrue();
        assertThat(both.matching()).isEqualTo(9);
        assertThat(both.erased()).isEqualTo(2);
        assertThat(one.flaws()).anyMatch(flaw -> flaw.startsWith("the request of ex_there, kept on 2026-03-01"));
    }
}
