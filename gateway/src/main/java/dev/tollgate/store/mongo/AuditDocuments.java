package dev.tollgate.store.mongo;

import static com.mongodb.client.model.Updates.combine;
import static com.mongodb.client.model.Updates.set;
import static com.mongodb.client.model.Updates.setOnInsert;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.ExchangeChange;
import dev.tollgate.audit.ExchangeChange.Begun;
import dev.tollgate.audit.ExchangeChange.Done;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.LostAttempt;
import dev.tollgate.audit.Position;
import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendKeys;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.exchange.ToolCount;
import dev.tollgate.store.EpochNanos;
import dev.tollgate.value.NanoUsd;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Records of the journal, and what they say of exchanges, as documents. One per record, never changed: {@code _id} is chain and sequence, {@code
 * json} the canonical text.
 */
final class AuditDocuments {
    /** Behind the name of a field with a record's id: in which of {@link AuditPartitions} that is. Absent in those of older versions. */
    static final String IN = "In";
    /** One document per exchange with what is asked for; made from the records and can be made again. */
    static final String EXCHANGES = "exchanges";

    /** The field that was added last: documents without it were written by an older version. */
    static final String NEWEST_FIELD = "approved";

    private AuditDocuments() {}

    static String id(JournalEntry entry) {
        return entry.chain() + "/" + entry.sequence();
    }

    static Document record(JournalEntry entry, String node) {
        Position end = entry.end();
        return new Document("_id", id(entry))
                .append("node", node)
                .append("chain", entry.chain())
                .append("seq", entry.sequence())
                .append("hash", entry.hash())
                .append("type", entry.type())
                .append("segment", end.segment())
                .append("end", end.offset())
                .append("json", new String(entry.json(), UTF_8));
    }

    /** The head of a journal whose last shipped record this is. */
    static Head head(Document record) {
        return new Head(
                record.getString("chain"),
                number(record, "seq"),
                record.getString("hash"),
                new Position(number(record, "segment"), number(record, "end")));
    }

    /**
     * The update that brings an exchange up to date; the same one twice changes nothing more.
     *
     * @param partitionOf tells where a record is
     */
    static Bson update(ExchangeChange change, Function<JournalEntry, String> partitionOf) {
        List<Bson> updates = new ArrayList<>();
        Begun begun = change.begun();
        if (begun != null) {
            begun(id(begun.entry()), begun.record(), updates);
            updates.add(set("received" + IN, partitionOf.apply(begun.entry())));
        }
        Done done = change.done();
        if (done != null) {
            done(id(done.entry()), done.record(), updates);
            updates.add(set("ended" + IN, partitionOf.apply(done.entry())));
        } else {
            open(updates);
        }
        return combine(updates);
    }

    /**
     * The update that writes anew what an older version wrote of an exchange.
     *
     * @param received id of its first record
     * @param ended id of its second; null where there is none
     */
    static Bson refill(String received, Received first, @Nullable String ended, @Nullable Ended second) {
        List<Bson> updates = new ArrayList<>();
        begun(received, first, updates);
        if (ended != null && second != null) {
            done(ended, second, updates);
        }
        return combine(updates);
    }

    private static void begun(String record, Received received, List<Bson> updates) {
        updates.add(set("received", record));
        updates.add(set("receivedAt", EpochNanos.of(received.at())));
        updates.add(set("day", SpendKeys.day(received.at())));
        updates.add(set("hour", SpendKeys.hour(received.at())));
        updates.add(set("team", received.team()));
        updates.add(set("agent", received.agent()));
        updates.add(set("key", received.key()));
        updates.add(set("session", received.session()));
        updates.add(set("user", received.labels().user()));
        updates.add(set("subAgent", received.labels().subAgent()));
        updates.add(set("quarter", EpochNanos.of(received.at()) / SpendQuery.QUARTER_NANOS));
        updates.add(set("held", Spend.wasHeld(received) ? 1 : 0));
        updates.add(set(NEWEST_FIELD, Spend.wasApproved(received) ? 1 : 0));
        updates.add(set(
                "rules",
                received.verdicts().stream()
                        .flatMap(verdict -> verdict.rules().stream())
                        .distinct()
                        .toList()));
        Document tags = new Document();
        received.labels().tags().forEach((name, value) -> tags.append(tagField(name), value));
        updates.add(set("tags", tags));
    }

    private static void done(String record, Ended ended, List<Bson> updates) {
        NanoUsd cost = ended.cost();
        updates.add(set("ended", record));
        updates.add(set("result", ended.result()));
        updates.add(set("provider", SpendKeys.provider(ended.target())));
        updates.add(set("model", ended.target()));
        updates.add(set("input", ended.usage().totalInput()));
        updates.add(set("output", ended.usage().totalOutput()));
        updates.add(set("cacheRead", ended.usage().cacheRead()));
        updates.add(set("cacheWrite", ended.usage().cacheWrite() + ended.usage().cacheWriteLong()));
        updates.add(set("mediaInput", ended.usage().audioInput() + ended.usage().imageInput()));
        updates.add(set("reasoning", ended.usage().reasoning()));
        updates.add(
                set("mediaOutput", ended.usage().audioOutput() + ended.usage().imageOutput()));
        updates.add(set("saved", ended.savedNanos()));
        updates.add(set("cost", cost == null ? 0L : cost.nanos()));
        updates.add(set("unpriced", cost == null ? 1 : 0));
        updates.add(set("denied", ended.result().equals("denied") ? 1 : 0));
        ToolCount tools = ToolCount.of(ended.verdicts());
        if (!tools.isNone()) {
            updates.add(set("toolsHeld", tools.held()));
            updates.add(set("toolsApproved", tools.approved()));
            updates.add(set("toolsDenied", tools.denied()));
        }
        if (!ended.lost().isEmpty()) {
            updates.add(set("lostCost", LostAttempt.sum(ended.lost()).nanos()));
            updates.add(set(
                    "lost",
                    ended.lost().stream()
                            .map(attempt -> new Document("provider", SpendKeys.provider(attempt.target()))
                                    .append("model", attempt.target())
                                    .append("cost", attempt.spend().amounts().nanos()))
                            .toList()));
        }
    }

    private static void open(List<Bson> updates) {
        updates.add(setOnInsert("result", AuditIndex.OPEN));
        updates.add(setOnInsert("provider", ""));
        updates.add(setOnInsert("model", ""));
        for (String sum : List.of("input", "output", "cost", "unpriced", "denied")) {
            updates.add(setOnInsert(sum, 0L));
        }
    }

    /** A tag's name as the name of a field: a dot would lead into a document below. */
    static String tagField(String name) {
        return name.replace('.', '\uFF0E');
    }

    static long number(Document document, String name) {
        Number value = document.get(name, Number.class);
        return value == null ? 0 : value.longValue();
    }
}
