package dev.tollgate.audit.evidence;

import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.PayloadNote;
import dev.tollgate.audit.payload.Answer;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.Payload.Whose;
import dev.tollgate.audit.payload.PayloadReader;
import dev.tollgate.audit.payload.PayloadReader.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks that what is kept of requests and replies is what the records of logs commit to and under the names that they say; that what they commit to is there
 * unless it was erased or its day was dropped, as a log says; and that nothing else is there. A few passes over the logs, with bounded memory; reads payloads and
 * tells nothing of them. Blocks.
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
    private final SaidGone gone;
    private final Instant now;
    private final Map<String, Whose> open = new HashMap<>();
    private final Map<Wanted, Committed> batch = new LinkedHashMap<>();
    private final Map<LocalDate, Long> accounted = new HashMap<>();
    private final Map<LocalDate, Missing> missing = new TreeMap<>();
    private final List<String> flaws = new ArrayList<>();
    private long matching;
    private long bytes;
    private long erased;
    private long unsaid;
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
    private static final class Missing {
        private long count;
        private final List<String> named = new ArrayList<>();
    }

    /**
     * What was found.
     *
     * @param matching payloads that are what their records commit to
     * @param bytes their bytes
     * @param erased payloads that were erased, as store and log say
     * @param dropped payloads of days that were dropped, as the log says
     * @param wrong payloads that are not what their records commit to, that cannot be read, that are missing, or to which no record commits
     * @param flaws the first of those, a sentence each
     * @param notes what could not be judged, a sentence each
     */
    public record Report(
            long matching, long bytes, long erased, long dropped, long wrong, List<String> flaws, List<String> notes) {
        public Report {
            flaws = List.copyOf(flaws);
            notes = List.copyOf(notes);
        }

        public boolean isGood() {
            return wrong == 0;
        }
    }

    private PayloadCheck(PayloadReader payloads, SaidGone gone, Instant now) {
        this.payloads = payloads;
        this.gone = gone;
        this.now = now;
    }

    /**
     * Checks the payloads of a store.
     *
     * @param logs of all nodes that keep payloads in it: what is missing may have been erased or dropped by any of them, and what is there be of any
     */
    public static Report check(List<LogSource> logs, PayloadReader payloads, Instant now) throws IOException {
        PayloadCheck check = new PayloadCheck(payloads, SaidGone.in(logs), now);
        for (LogSource log : logs) {
            log.each(entry -> {
                check.take(entry);
                return true;
            });
            check.lookUp();
            check.open.clear();
        }
        return check.end(new StrayPayloads(logs, payloads, check.recent()).find(check.accounted));
    }

    private Instant recent() {
        return now.minus(RECENT);
    }

    private void take(JournalEntry entry) throws IOException {
        gone.take(entry);
        switch (entry.record()) {
            case Received received -> {
                Whose whose = whose(received);
                if (open.size() < MAX_OPEN) {
                    open.put(whose.exchange(), whose);
                }
                want(new Wanted(whose, Part.REQUEST), received.payload(), received.at(), entry);
            }
            case Ended ended -> {
                Whose whose = open.remove(ended.exchange().value());
                if (whose != null) {
                    want(new Wanted(whose, Part.REPLY), ended.payload(), ended.at(), entry);
                }
            }
            default -> {
                // Commits to no payload.
            }
        }
    }

    private static Whose whose(Received received) {
        return new Whose(
                received.exchange().value(),
                received.at(),
                received.team(),
                received.agent(),
                received.session(),
                received.labels().user());
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
            byDay.computeIfAbsent(PayloadReader.dayOf(wanted.whose().at()), day -> new ArrayList<>())
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
                    account(wanted);
                    if (!payload.keeps(committed.commitment)) {
                        flaw(name(wanted) + " is not the one that " + committed.record + " commits to");
                    } else if (!payload.whose().equals(wanted.whose())) {
                        flaw(name(wanted) + " is kept under another team, agent, session or user than "
                                + committed.record + " says");
                    } else {
                        matching++;
                        bytes += payload.bytes().length;
                    }
                }
                case Answer.Erased(var word) -> {
                    if (gone.isErased(wanted.whose(), word)) {
                        erased++;
                    } else if (gone.mayComeYet(word.at()) && !word.at().isAfter(now.plus(RECENT))) {
                        unsaid++;
                    } else {
                        flaw(name(wanted) + ", to which " + committed.record + " commits, is missing; the store says"
                                + " that it was erased, and no log does");
                    }
                }
                case Answer.Missing none -> {
                    if (committed.at.isAfter(recent())) {
                        late++;
                    } else {
                        missing(name(wanted) + ", to which " + committed.record
                                + " commits, is missing, and nothing says that it was erased or dropped");
                    }
                }
            }
        }

        @Override
        public void unreadable(Wanted wanted, IOException why) {
            account(wanted);
            flaw(name(wanted) + ", to which " + committed(wanted).record + " commits, cannot be read: "
                    + why.getMessage());
        }

        private void account(Wanted wanted) {
            if (wanted.whose().at().isBefore(recent())) {
                accounted.merge(day, 1L, Long::sum);
            }
        }

        private void missing(String flaw) {
            Missing gone = missing.computeIfAbsent(day, first -> new Missing());
            gone.count++;
            if (gone.named.size() < MAX_NAMED) {
                gone.named.add(flaw);
            }
        }

        private Committed committed(Wanted wanted) {
            return Objects.requireNonNull(batch.get(wanted));
        }

        private static String name(Wanted wanted) {
            return "the " + wanted.part().id() + " of " + wanted.whose().exchange();
        }
    }

    private void flaw(String sentence) {
        wrong++;
        if (flaws.size() < MAX_NAMED) {
            flaws.add(sentence);
        }
    }

    private Report end(StrayPayloads.Report strays) {
        long dropped = 0;
        for (Map.Entry<LocalDate, Missing> day : missing.entrySet()) {
            if (gone.isDropped(day.getKey())) {
                dropped += day.getValue().count;
            } else {
                day.getValue().named.forEach(this::flaw);
                wrong += day.getValue().count - day.getValue().named.size();
            }
        }
        strays.named().forEach(this::flaw);
        wrong += strays.strays() - strays.named().size();
        return new Report(matching, bytes, erased, dropped, wrong, flaws, notes(strays.beyond()));
    }

    private List<String> notes(long beyond) {
        List<String> notes = new ArrayList<>();
        if (late > 0) {
            notes.add(late + " of the last minute are not there, and may still be written");
        }
        if (unsaid > 0) {
            notes.add(unsaid
                    + " were erased, as the store says, and that is not on a log yet: verify again once the gateway"
                    + " of whoever erased them has run");
        }
        if (beyond > 0) {
            notes.add(
                    beyond + " more are of calls before the beginning or behind the end of a log, which can say nothing"
                            + " of them");
        }
        return notes;
    }
}
