package dev.tollgate.audit.evidence;

import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.PayloadNote;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadReader;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/**
 * Finds payloads to which no record commits: a gateway writes none before the record is acknowledged, so that somebody else put them in, or took their records away. Counts how many lie in each
 * day, and reads only days that have more than their records account for: their places, and the logs once for each batch of them.
 */
final class StrayPayloads {
    /** Payloads that are held against the logs at once. */
    private static final int BATCH = 500_000;
    /** Strays that are told one by one. */
    private static final int MAX_NAMED = 20;

    private final List<LogSource> logs;
    private final PayloadReader payloads;
    private final Instant before;
    private final Map<String, List<Suspect>> batch = new HashMap<>();
    private final List<String> named = new ArrayList<>();
    private int batched;
    private long strays;
    private long beyond;

    /** A payload for which no record has been found yet. */
    private static final class Suspect {
        private final Instant at;
        private final Part part;
        private boolean isOpen;

        Suspect(Instant at, Part part) {
            this.at = at;
            this.part = part;
        }
    }

    /**
     * What was found.
     *
     * @param strays payloads to which no record commits
     * @param named the first of them, a sentence each
     * @param beyond payloads of which the logs can say nothing: they came in before what is left of a log, or behind its last record
     */
    record Report(long strays, List<String> named, long beyond) {}

    /** @param before calls that came in later are left out: their records or payloads may be on the way */
    StrayPayloads(List<LogSource> logs, PayloadReader payloads, Instant before) {
        this.logs = logs;
        this.payloads = payloads;
        this.before = before;
    }

    /** @param accounted how many payloads of calls that came in before then were found for the records of each day */
    Report find(Map<LocalDate, Long> accounted) throws IOException {
        for (LocalDate day : payloads.days()) {
            if (payloads.count(day, before) > accounted.getOrDefault(day, 0L)) {
                payloads.places(day, before, (whose, part) -> {
                    batch.computeIfAbsent(whose.exchange(), first -> new ArrayList<>(2))
                            .add(new Suspect(whose.at(), part));
                    if (++batched >= BATCH) {
                        judge();
                    }
                });
            }
        }
        judge();
        return new Report(strays, List.copyOf(named), beyond);
    }

    /** Of what time logs can say something. */
    private static final class Span {
        private Instant from = Instant.MIN;
        private Instant until = Instant.MAX;
    }

    private void judge() throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        Span span = new Span();
        for (LogSource log : logs) {
            clear(log, span);
        }
        for (Entry<String, List<Suspect>> exchange : batch.entrySet()) {
            for (Suspect suspect : exchange.getValue()) {
                if (suspect.at.isBefore(span.from) || !suspect.at.isBefore(span.until)) {
                    beyond++;
                } else if (!suspect.isOpen) {
                    stray("the " + suspect.part.id() + " of " + exchange.getKey() + ", kept on "
                            + PayloadReader.dayOf(suspect.at) + ", is one to which no record commits");
                }
            }
        }
        batch.clear();
        batched = 0;
    }

    private void stray(String sentence) {
        strays++;
        if (named.size() < MAX_NAMED) {
            named.add(sentence);
        }
    }

    /** Clears what a log commits to. */
    private void clear(LogSource log, Span span) throws IOException {
        JournalEntry[] last = {null};
        boolean[] isCut = {false};
        log.each(entry -> {
            if (last[0] == null) {
                isCut[0] = !entry.isFirst();
            }
            last[0] = entry;
            switch (entry.record()) {
                case Received received -> clear(received);
                case Ended ended -> clear(ended);
                case Sealed sealed -> {
                    // The first record of what is left may be of a call that came in long before; a checkpoint is of
                    // its own time.
                    if (isCut[0] && sealed.at().isAfter(span.from)) {
                        span.from = sealed.at();
                    }
                    isCut[0] = false;
                }
                default -> {
                    // Commits to no payload.
                }
            }
            return true;
        });
        if (last[0] != null && last[0].at().isBefore(span.until)) {
            span.until = last[0].at();
        }
    }

    private void clear(Received received) {
        List<Suspect> suspects = batch.get(received.exchange().value());
        if (suspects == null) {
            return;
        }
        if (commits(received.payload())) {
            suspects.removeIf(one -> one.part == Part.REQUEST && one.at.equals(received.at()));
        }
        // The end of a call that is under way comes to the log before the reply to the store, but maybe behind what was
        // read of the log.
        suspects.stream()
                .filter(one -> one.part == Part.REPLY && one.at.equals(received.at()))
                .forEach(one -> one.isOpen = true);
    }

    private void clear(Ended ended) {
        List<Suspect> suspects = batch.get(ended.exchange().value());
        if (suspects != null && commits(ended.payload())) {
            suspects.removeIf(one -> one.isOpen);
        } else if (suspects != null) {
            suspects.forEach(one -> one.isOpen = false);
        }
    }

    private static boolean commits(@Nullable PayloadNote note) {
        return note != null && !note.commitment().isEmpty();
    }
}
