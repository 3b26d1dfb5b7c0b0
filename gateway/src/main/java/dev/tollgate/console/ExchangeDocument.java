package dev.tollgate.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.LostAttempt;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Searched;
import dev.tollgate.exchange.Verdict;
import dev.tollgate.value.Usage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One exchange as JSON: what came, what each stage said, how it ended. */
final class ExchangeDocument {
    private ExchangeDocument() {}

    static ObjectNode of(ExchangeRow row) {
        Received received = row.received();
        ObjectNode document = Documents.object()
                .put("id", received.exchange().value())
                .put("received_at", received.at().toString())
                .put("policy", received.policy())
                .put("method", received.method())
                .put("endpoint", received.endpoint())
                .put("wire", received.wire())
                .put("key", received.key())
                .put("agent", received.agent())
                .put("team", received.team())
                .put("session", received.session())
                .put("model", received.model());
        labels(document, received.labels());
        Documents.texts(document, "targets", received.targets());
        document.put("request_bytes", received.requestBytes()).put("request_sha256", received.requestSha256());
        Documents.texts(document, "not_scanned", received.notScanned());
        Documents.money(document, "estimate", received.estimate());
        ArrayNode verdicts = document.putArray("verdicts");
        received.verdicts().forEach(verdict -> verdicts.add(node(verdict)));
        row.ended().ifPresent(end -> end.verdicts().forEach(verdict -> verdicts.add(node(verdict))));
        @Nullable Ended ended = row.ended().orElse(null);
        if (ended == null) {
            document.putNull("ended");
        } else {
            document.set("ended", node(ended));
        }
        return document;
    }

    private static void labels(ObjectNode document, Labels labels) {
        document.put("user", labels.user());
        ObjectNode tags = document.putObject("tags");
        labels.tags().forEach(tags::put);
        document.put("sub_agent", labels.subAgent())
                .put("parent_agent", labels.parent())
                .put("depth", labels.depth());
    }

    private static ObjectNode node(Verdict verdict) {
        ObjectNode document = Documents.object()
                .put("stage", verdict.stage())
                .put("result", verdict.result())
                .put("code", verdict.code());
        Documents.texts(document, "rules", verdict.rules());
        document.put("detail", verdict.detail()).put("micros", verdict.micros());
        Searched searched = verdict.searched();
        if (!searched.rules().isEmpty()) {
            document.put("searched_bytes", searched.bytes()).put("rules_version", searched.rules());
        }
        if (!verdict.asking().isEmpty()) {
            ArrayNode asking = document.putArray("asking");
            verdict.asking()
                    .forEach(one -> asking.addObject().put("rule", one.rule()).put("reason", one.reason()));
        }
        return document;
    }

    private static ObjectNode node(Ended ended) {
        ObjectNode document = Documents.object()
                .put("at", ended.at().toString())
                .put("result", ended.result())
                .put("status", ended.status())
                .put("code", ended.code())
                .put("target", ended.target())
                .put("attempts", ended.attempts());
        document.set("usage", node(ended.usage()));
        Documents.money(document, "cost", ended.cost());
        if (!ended.lost().isEmpty()) {
            ArrayNode lost = document.putArray("lost");
            for (LostAttempt attempt : ended.lost()) {
                ObjectNode one =
                        lost.addObject().put("target", attempt.target()).put("input_tokens", attempt.inputTokens());
                Documents.money(one, "cost", attempt.cost());
            }
        }
        return document.put("reply_bytes", ended.replyBytes())
                .put("first_byte_micros", ended.firstByteMicros())
                .put("duration_micros", ended.durationMicros());
    }

    private static ObjectNode node(Usage usage) {
        return Documents.object()
                .put("source", usage.source().name().toLowerCase(Locale.ROOT))
                .put("input", usage.input())
                .put("cache_read", usage.cacheRead())
                .put("cache_write", usage.cacheWrite())
                .put("cache_write_long", usage.cacheWriteLong())
                .put("output", usage.output())
                .put("reasoning", usage.reasoning())
                .put("audio_input", usage.audioInput())
                .put("audio_output", usage.audioOutput())
                .put("image_input", usage.imageInput())
                .put("image_output", usage.imageOutput());
    }
}
