package dev.tollgate.audit.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tollgate.audit.AuditRecord;
import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Other;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.JournalEntry;
import java.io.IOException;
import java.io.StringWriter;

/**
 * Events of CloudEvents 1.0 in their JSON format. {@code source} and {@code id} name a record for ever: the node, and chain and sequence. So
 * whoever gets one twice can tell. {@code data} is the record as it stands in the journal, byte for byte.
 */
public final class CloudEvents implements EventFormat {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String TYPE = "dev.tollgate.audit.";

    @Override
    public String batchType() {
        return "application/cloudevents-batch+json";
    }

    @Override
    public String write(JournalEntry entry) throws IOException {
        AuditRecord record = entry.record();
        StringWriter text = new StringWriter(entry.json().length + 512);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("specversion", "1.0");
            json.writeStringField("id", entry.chain() + "/" + entry.sequence());
            json.writeStringField("source", "/tollgate/nodes/" + Head.of(entry).node());
            json.writeStringField("type", TYPE + entry.type());
            String subject = subject(record);
            if (!subject.isEmpty()) {
                json.writeStringField("subject", subject);
            }
            json.writeStringField("time", record.at().toString());
            json.writeStringField("datacontenttype", "application/json");
            json.writeFieldName("data");
            json.writeRawValue(new String(entry.json(), UTF_8));
            json.writeEndObject();
        }
        return text.toString();
    }

    private static String subject(AuditRecord record) {
        return switch (record) {
            case Received received -> received.exchange().value();
            case Ended ended -> ended.exchange().value();
            case Administrative administrative -> administrative.subject();
            case Sealed checkpoint -> checkpoint.key();
            case Other other -> "";
        };
    }
}
