package dev.tollgate.audit.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalFolder;
import dev.tollgate.audit.Position;
import dev.tollgate.audit.RecordFeed;
import dev.tollgate.audit.Records;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the schema requires of every class is there: looked up in OCSF 1.3. */
class OcsfEventsTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path data;

    @Test
    void events_haveWhatTheirClassRequires() throws Exception {
        List<JsonNode> events = events(
                Records.received("ex_1"),
                Records.ended("ex_1"),
                new Administrative(NOON, "signed_in", "admin", "console", Map.of("address", "127.0.0.1")),
                new Administrative(NOON, "key_created", "admin", "k_2", Map.of("agent", "ci")));

        for (JsonNode event : events) {
            assertThat(event.get("type_uid").asLong())
                    .isEqualTo(event.get("class_uid").asLong() * 100
                            + event.get("activity_id").asLong());
            assertThat(event.get("class_uid").asLong() / 1000)
                    .isEqualTo(event.get("category_uid").asLong());
            assertThat(event.get("severity_id").asInt()).isBetween(1, 6);
            assertThat(event.get("time").isIntegralNumber()).isTrue();
            assertThat(event.at("/metadata/version").asText()).isEqualTo("1.3.0");
            assertThat(event.at("/metadata/product/vendor_name").asText()).isEqualTo("tollgate");
        }
        assertThat(events)
                .extracting(event -> event.get("class_uid").asInt())
                .containsExactly(6002, 3004, 6003, 6003, 3002, 3004);
        assertThat(events.get(0).at("/app/name").asText()).isEqualTo("tollgate");
        JsonNode call = events.get(2);
        JsonNode end = events.get(3);
        assertThat(call.at("/actor/app_name").asText()).isEqualTo("agent-a");
        assertThat(call.at("/actor/user/name").asText()).isEqualTo("ann");
        assertThat(call.at("/src_endpoint/name").asText()).isEqualTo("agent-a");
        assertThat(call.at("/api/operation").asText()).isEqualTo("POST openai/chat/completions");
        assertThat(end.at("/actor/app_name").asText()).isEqualTo("agent-a");
        assertThat(end.at("/api/response/code").isNumber()).isTrue();
        assertThat(end.at("/metadata/correlation_uid").asText())
                .isEqualTo(call.at("/metadata/correlation_uid").asText())
                .isEqualTo("ex_1");
        assertThat(events.get(4).at("/user/name").asText()).isEqualTo("admin");
        assertThat(events.get(4).at("/service/name").asText()).isNotEmpty();
        assertThat(events.get(5).at("/entity/name").asText()).isEqualTo("k_2");
    }

    @Test
    void endOfACall_whoseBeginningWasNotSeen_namesTheGateway() throws Exception {
        List<JsonNode> events = events(Records.ended("ex_9"));

        assertThat(events.getLast().at("/actor/app_name").asText()).isEqualTo("tollgate");
        assertThat(events.getLast().at("/api/request/uid").asText()).isEqualTo("ex_9");
    }

    private List<JsonNode> events(AuditRecord... records) throws Exception {
        List<JsonNode> events = new ArrayList<>();
        EventFormat format = EventFormat.of(dev.tollgate.policy.AuditStream.Format.OCSF);
        try (Journal journal = JournalFolder.open(data)) {
            for (AuditRecord record : records) {
                journal.append(record).toCompletionStage().toCompletableFuture().get();
            }
            RecordFeed.Stretch stretch = journal.feed().read(Position.START, 100);
            for (var entry : stretch.entries()) {
                events.add(new ObjectMapper().readTree(format.write(entry)));
            }
        }
        return events;
    }
}
