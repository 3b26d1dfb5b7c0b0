package dev.tollgate.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Verdict;
import java.util.List;

/** The two records of a call as one tree, with the words of the scenario files. */
final class Recorded {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Recorded() {}

    static JsonNode record(Received received, Ended ended) {
        ObjectNode record = NODES.objectNode()
                .put("method", received.method())
                .put("endpoint", received.endpoint())
                .put("wire", received.wire())
                .put("agent", received.agent())
                .put("team", received.team())
                .put("session", received.session())
                .put("model", received.model())
                .put("estimate", text(received.estimate()))
                .put(
                        "reserved",
                        received.reservation() == null
                                ? null
                                : text(received.reservation().amount()))
                .put("result", ended.result())
                .put("status", ended.status())
                .put("code", ended.code())
                .put("target", ended.target())
                .put("attempts", ended.attempts())
                .put("cost", text(ended.cost()))
                .put("input", ended.usage().totalInput())
                .put("output", ended.usage().totalOutput());
        record.set("targets", list(received.targets()));
        labels(record, received.labels());
        record.set("not_scanned", list(received.notScanned()));
        return record;
    }

    private static void labels(ObjectNode record, Labels labels) {
        if (!labels.user().isEmpty()) {
            record.put("user", labels.user());
        }
        if (!labels.tags().isEmpty()) {
            ObjectNode tags = record.putObject("tags");
            labels.tags().forEach(tags::put);
        }
        if (!labels.subAgent().isEmpty()) {
            record.put("sub_agent", labels.subAgent())
                    .put("parent_agent", labels.parent())
                    .put("depth", labels.depth());
        }
    }

    static JsonNode decisions(Received received) {
        ObjectNode stages = NODES.objectNode();
        for (Verdict verdict : received.verdicts()) {
            ObjectNode stage = stages.putObject(verdict.stage());
            stage.put("result", verdict.result())
                    .put("code", verdict.code())
                    .put("detail", verdict.detail())
                    .put("score", verdict.score());
            stage.set("rules", list(verdict.rules()));
        }
        return stages;
    }

    private static String text(Object amount) {
        return amount == null ? null : amount.toString();
    }

    private static ArrayNode list(List<String> texts) {
        ArrayNode list = NODES.arrayNode();
        texts.forEach(list::add);
        return list;
    }
}
