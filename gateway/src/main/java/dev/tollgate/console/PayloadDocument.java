package dev.tollgate.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.PayloadNote;
import dev.tollgate.audit.payload.Answer;
import dev.tollgate.audit.payload.StoredPayload;
import dev.tollgate.exchange.StrictUtf8;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is kept of a call, as JSON. */
final class PayloadDocument {
    private PayloadDocument() {}

    /** @param answers for the request and for the reply */
    static byte[] of(ExchangeRow row, List<Answer> answers) {
        ObjectNode document = Documents.object();
        document.put("exchange", row.received().exchange().value());
        part(document.putObject("request"), row.received().payload(), answers.get(0));
        part(document.putObject("reply"), row.ended().map(Ended::payload).orElse(null), answers.get(1));
        return Documents.bytes(document);
    }

    private static void part(ObjectNode document, @Nullable PayloadNote note, Answer answer) {
        switch (answer) {
            case Answer.Kept(StoredPayload payload) -> kept(document, note, payload);
            case Answer.Erased(var word) ->
                document.put("state", "erased")
                        .put("erased_at", word.at().toString())
                        .put("erased_by", word.by())
                        .put("reason", word.reason());
            case Answer.Missing missing -> {
                document.put("state", "missing");
                if (note != null) {
                    document.put("level", note.level()).put("why", note.missing());
                }
            }
        }
    }

    private static void kept(ObjectNode document, @Nullable PayloadNote note, StoredPayload payload) {
        document.put("state", "kept")
                .put("level", payload.level().name().toLowerCase(Locale.ROOT))
                .put("bytes", payload.bytes().length)
                .put("total_bytes", payload.total())
                .put("placeholders", payload.masked())
                .put("assembled", payload.isAssembled())
                .put("matches_record", note != null && payload.keeps(note.commitment()));
        if (StrictUtf8.isWellFormed(payload.bytes())) {
            document.put("text", new String(payload.bytes(), StandardCharsets.UTF_8));
        } else {
            document.put("base64", Base64.getEncoder().encodeToString(payload.bytes()));
        }
    }
}
