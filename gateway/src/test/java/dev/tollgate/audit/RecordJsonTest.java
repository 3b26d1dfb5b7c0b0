package dev.tollgate.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Asking;
import dev.tollgate.exchange.Searched;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.ExchangeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecordJsonTest {
    @Test
    void record_writtenAndRead_isEqual() throws Exception {
        Received bare = new Received(
                new ExchangeId("x"),
                Instant.EPOCH,
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                List.of(),
                0,
                "",
                List.of(),
                List.of(),
                null,
                null);
        List<AuditRecord> all = List.of(
                Records.received("ex_1"),
                bare,
                Records.ended("ex_1"),
                Records.ended("ex_2", Records.NOON, "denied", "", null),
                Records.administrative("policy_loaded"));

        for (AuditRecord record : all) {
            assertThat(RecordReader.read(RecordWriter.write(record))).isEqualTo(record);
        }
    }

    @Test
    void verdict_thatSearchedAndAsks_isReadAsItWas_andOthersNameNeither() throws Exception {
        Received plain = Records.received("ex_1");
        Verdict searched = new Verdict("scan", "proceed", "ok", List.of("email_address"), "", 5)
                .withSearched(new Searched(1234, "0a1b"))
                .withAsking(List.of(new Asking("email_address", "found at messages[0]")));
        Ended before = Records.ended("ex_1");
        Ended ended = new Ended(
                before.exchange(),
                before.at(),
                "blocked",
                before.status(),
                "secret_found",
                before.target(),
                before.attempts(),
                before.usage(),
                before.cost(),
                before.replyBytes(),
                before.firstByteMicros(),
                before.durationMicros(),
                0,
                null,
                List.of(),
                List.of(searched));

        String written = new String(RecordWriter.write(ended), UTF_8);

        assertThat(RecordReader.read(written.getBytes(UTF_8))).isEqualTo(ended);
        assertThat(written).contains("\"searched_bytes\":1234,\"rules_version\":\"0a1b\",\"asking\":[{\"rule\":");
        assertThat(new String(RecordWriter.write(plain), UTF_8)).doesNotContain("searched_bytes", "asking");
    }

    @Test
    void received_withoutLabels_doesNotNameThem() throws Exception {
        Received plain = Records.received("ex_1");
        Received unlabelled = new Received(
                plain.exchange(),
                plain.at(),
                plain.policy(),
                plain.method(),
                plain.endpoint(),
                plain.wire(),
                plain.key(),
                plain.agent(),
                plain.team(),
                plain.session(),
                plain.model(),
                plain.targets(),
                plain.requestBytes(),
                plain.requestSha256(),
                plain.notScanned(),
                plain.verdicts(),
                plain.reservation(),
                plain.estimate());

        assertThat(new String(RecordWriter.write(plain), UTF_8))
                .endsWith(",\"user\":\"ann\",\"tags\":{\"env\":\"prod\",\"project\":\"alpha\"},"
                        + "\"sub_agent\":\"searcher\",\"parent_agent\":\"planner\",\"depth\":2}");
        assertThat(new String(RecordWriter.write(unlabelled), UTF_8)).endsWith(",\"estimate_nanos\":2000000}");
        assertThat(RecordReader.read(RecordWriter.write(unlabelled))).isEqualTo(unlabelled);
    }

    @Test
    void administrative_always_hasTheCanonicalForm() throws Exception {
        assertThat(new String(RecordWriter.write(Records.administrative("policy_loaded")), UTF_8))
                .isEqualTo("{\"type\":\"administrative\",\"at\":\"2026-03-01T12:00:00.123456789Z\","
                        + "\"action\":\"policy_loaded\",\"actor\":\"gateway\",\"subject\":\"subject\","
                        + "\"details\":{\"a\":\"1\",\"b\":\"2\"}}");
    }

    @Test
    void unknownMembers_always_arePassedOver() throws Exception {
        String json = "{\"type\":\"administrative\",\"later\":{\"a\":[1]},\"action\":\"x\"}";

        AuditRecord record = RecordReader.read(json.getBytes(UTF_8));

        assertThat(record).isEqualTo(new Administrative(Instant.EPOCH, "x", "", "", Map.of()));
    }

    @Test
    void oddText_writtenAndRead_isEqual() throws Exception {
        Administrative record = new Administrative(Instant.EPOCH, "x", "\u0000\u2028 \ud83d\ude00", "\ud800", Map.of());

        assertThat(RecordReader.read(RecordWriter.write(record))).isEqualTo(record);
    }

    @Test
    void notARecord_read_isRefused() {
        for (String json : List.of("{}", "[]", "{\"type\":\"received\"}", "{\"type\":\"ended\",\"status\":true}")) {
            assertThatThrownBy(() -> RecordReader.read(json.getBytes(UTF_8))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void recordOfALaterVersion_read_tellsItsTypeAndTime() throws Exception {
        String json = "{\"type\":\"later\",\"what\":{\"at\":[1]},\"at\":\"2026-11-21T14:00:00Z\",\"more\":true}";

        assertThat(RecordReader.read(json.getBytes(UTF_8)))
                .isEqualTo(new AuditRecord.Other(Instant.parse("2026-11-21T14:00:00Z"), "later"));
    }

    @Test
    void checkpoint_writtenAndRead_isEqual() throws Exception {
        AuditRecord.Sealed sealed = new AuditRecord.Sealed(Records.NOON, "name+id+key", "text\n\n\u2014 name c2ln\n");

        assertThat(RecordReader.read(RecordWriter.write(sealed))).isEqualTo(sealed);
    }

    @Test
    void envelope_putAndRead_isEqualAndStrict() {
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        Envelope.put(buffer, "abcdefghij.000001.wxyz", 41, "0".repeat(64));
        String members = new String(buffer.array(), 0, buffer.position(), UTF_8);
        String json = members + "\"type\":\"received\",\"at\":\"…\"}";

        assertThat(Envelope.read(json.getBytes(UTF_8)))
                .isEqualTo(new Envelope("abcdefghij.000001.wxyz", 41, "0".repeat(64), "received"));
        for (String other : List.of(
                json.replace("41", "041"),
                json.replace("41", "-1"),
                json.replace("\"seq\"", "\"sq\""),
                json.replace(":41", ": 41"),
                json.replace("00\"", "0\""),
                json.replace("\"type\"", "\"kind\""),
                json.substring(0, 60))) {
            assertThat(Envelope.read(other.getBytes(UTF_8))).as(other).isNull();
        }
    }
}
