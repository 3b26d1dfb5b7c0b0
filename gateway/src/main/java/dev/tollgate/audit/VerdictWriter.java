package dev.tollgate.audit;

import dev.tollgate.exchange.Asking;
import dev.tollgate.exchange.Searched;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.exchange.Verdict;
import java.util.List;

/** Writes what stages said, for {@link RecordWriter}. Members that most verdicts do not have stand only where there is something to tell. */
final class VerdictWriter {
    private VerdictWriter() {}

    static void write(CanonicalJson json, List<Verdict> verdicts) {
        json.beginArray("verdicts");
        for (Verdict verdict : verdicts) {
            json.beginObject()
                    .text("stage", verdict.stage())
                    .text("result", verdict.result())
                    .text("code", verdict.code())
                    .texts("rules", verdict.rules())
                    .text("detail", verdict.detail())
                    .number("micros", verdict.micros())
                    .number("score", verdict.score());
            searched(json, verdict.searched());
            asking(json, verdict.asking());
            tools(json, verdict.tools());
            json.endObject();
        }
        json.endArray();
    }

    /** Only of stages that search. */
    private static void searched(CanonicalJson json, Searched searched) {
        if (!searched.rules().isEmpty()) {
            json.number("searched_bytes", searched.bytes()).text("rules_version", searched.rules());
        }
    }

    private static void asking(CanonicalJson json, List<Asking> asking) {
        if (!asking.isEmpty()) {
            json.beginArray("asking");
            for (Asking one : asking) {
                json.beginObject()
                        .text("rule", one.rule())
                        .text("reason", one.reason())
                        .endObject();
            }
            json.endArray();
        }
    }

    /** Only of replies that call tools which a rule is about. */
    private static void tools(CanonicalJson json, ToolCount tools) {
        if (!tools.isNone()) {
            json.number("tools_held", tools.held())
                    .number("tools_approved", tools.approved())
                    .number("tools_denied", tools.denied());
        }
    }
}
