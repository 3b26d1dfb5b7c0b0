package dev.tollgate.audit.evidence;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.PayloadNote;
import dev.tollgate.audit.payload.Answer;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadReader;
import dev.tollgate.audit.payload.PayloadReader.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks that what is kept of requests and replies is what the records of a log commit to, and that what they commit to is there unless it was erased
 * or its day was dropped, as the log says. One pass over the log, with bounded memory; reads payloads and tells nothing of them. Blocks.
 */
public final class PayloadCheck {
    /** Payloads that are looked for at once. */
    private static final int BATCH = 2000;
    /** Calls that were received and have not ended: more are not followed to their replies. */
    private static final int MAX_OPEN = 1_000_000;
    /** Flaws that are told one by one. */
    private static final int MAX_NAMED = 20;
    /** What was recorded so short a time ago may still wait to be written. */
    private static final Duration RECENT = Duration.ofMinutes(1);

    private final PayloadReader payloads;
    private final Instant recent;
    private final Map<String, Instant> open = new HashMap<>();
    private final Map<Wanted, Committed> batch = new LinkedHashMap<>();
    private final Map<LocalDate, Gone> missing = new TreeMap<>();
    private final Set<String> dropped = new HashSet<>();
    private final List<String> flaws = new ArrayList<>();
    private long matching;
    private long bytes;
    private long erased;
    private long wrong;
    private long late;

    /**
     * What a record commits to.
     *
     * @param commitment salted hash
     * @param record which record
     * @param at when it was written
     */
    private record Committed(String commitment, String record, Instant at) {}

    /** What is missing of one day. */
    private static final class Gone {
        private long count;
        private final List<String> named = new ArrayList<>();
    }

    /**
     * What was found.
     *
     * @param matching payloads that are what their records commit to
     * @param bytes their bytes
     * @param erased payloads that were erased, as the store says
     * @param dropped payloads of days that were dropped, as the log says
     * @param late payloads that may still wait to be written
     * @param wrong payloads that are not what their records commit to, that cannot be read, or that are missing
     * @param flaws the first of those, a sentence each
     */
    public record Report(
            long matching, long bytes, long erased, long dropped, long late, long wrong, List<String> flaws) {
        public Report {
            flaws = List.copyOf(flaws);
        }

        public boolean isGood() {
            return wrong == 0;
        }
    }

    private PayloadCheck(PayloadReader payloads, Instant now) {
        this.payloads = payloads;
        this.recent = now.minus(RECENT);
    }

    /** Checks the payloads of a log. */
    public static Report check(LogSource log, PayloadReader payloads, Instant now) throws IOException {
        PayloadCheck check = new PayloadCheck(payloads, now);
        log.each(entry -> {
            check.take(entry);
            return true;
        });
        check.lookUp();
        return check.end();
    }

    private void take(JournalEntry entry) throws IOException {
        switch (entry.record()) {
            case Received received -> {
                String exchange = received.exchange().value();
                if (open.size() < MAX_OPEN) {
                    open.put(exchange, received.at());
                }
                want(new Wanted(exchange, received.at(), Part.REQUEST), received.payload(), received.at(), entry);
            }
            case Ended ended -> {
                String exchange = ended.exchange().value();
                Instant at = open.remove(exchange);
                if (at != null) {
                    want(new Wanted(exchange, at, Part.REPLY), ended.payload(), ended.at(), entry);
                }
            }
            case Administrative said -> {
                if (said.action().equals("payloads_dropped")) {
                    dropped.add(said.subject());
                }
            }
            default -> {
                // Commits to no payload.
            }
        }
    }

    private void want(Wanted wanted, @Nullable PayloadNote note, Instant at, JournalEntry entry) throws IOException {
        if (note == null || note.commitment().isEmpty()) {
            return;
        }
        batch.put(wanted, new Committed(note.commitment(), entry.toString(), at));
        if (batch.size() >= BATCH) {
            lookUp();
        }
    }

    private void lookUp() throws IOException {
        Map<LocalDate, List<Wanted>> byDay = new TreeMap<>();
        for (Wanted wanted : batch.keySet()) {
            byDay.computeIfAbsent(PayloadReader.dayOf(wanted.at()), day -> new ArrayList<>())
                    .add(wanted);
        }
        for (Map.Entry<LocalDate, List<Wanted>> day : byDay.entrySet()) {
            payloads.findAll(day.getKey(), day.getValue(), new Judge(day.getKey()));
        }
        batch.clear();
    }

    /** Compares what was found of one day with what its records say. */
    private final class Judge implements PayloadReader.Found {
        private final LocalDate day;

        Judge(LocalDate day) {
            this.day = day;
        }

        @Override
        public void take(Wanted wanted, Answer answer) {
            Committed committed = committed(wanted);
            switch (answer) {
                case Answer.Kept(var payload) -> {
                    if (payload.keeps(committed.commitment)) {
                        matching++;
                        bytes += payload.bytes().length;
                    } else {
                        flaw(name(wanted) + " is not the one that " + committed.record + " commits to");
                    }
                }
                case Answer.Erased word -> erased++;
                case Answer.Missing none -> {
                    if (committed.at.isAfter(recent)) {
                        late++;
                    } else {
                        gone(name(wanted) + ", to which " + committed.record + " commits, is missing, and nothing says"
                                + " that it was erased or dropped");
                    }
                }
            }
        }

        @Override
        public void unreadable(Wanted wanted, IOException why) {
            flaw(name(wanted) + ", to which " + committed(wanted).record + " commits, cannot be read: "
                    + why.getMessage());
        }

        private void gone(String flaw) {
            Gone gone = missing.computeIfAbsent(day, first -> new Gone());
            gone.count++;
            if (gone.named.size() < MAX_NAMED) {
                gone.named.add(flaw);
            }
        }

        private Committed committed(Wanted wanted) {
            return Objects.requireNonNull(batch.get(wanted));
        }

        private static String name(Wanted wanted) {
            return "the " + wanted.part().id() + " of " + wanted.exchange();
        }
    }

    private void flaw(String sentence) {
        wrong++;
        if (flaws.size() < MAX_NAMED) {
            flaws.add(sentence);
        }
    }

    private Report end() {
        long gone = 0;
        for (Map.Entry<LocalDate, Gone> day : missing.entrySet()) {
            if (dropped.contains(day.getKey().toString())) {
                gone += day.getValue().count;
            } else {
                day.getValue().named.forEach(this::flaw);
                wrong += day.getValue().count - day.getValue().named.size();
            }
        }
        return new Report(matching, bytes, erased, gone, late, wrong, flaws);
    }
}
