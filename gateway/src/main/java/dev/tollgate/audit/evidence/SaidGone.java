package dev.tollgate.audit.evidence;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.payload.Payload.Whose;
import dev.tollgate.audit.payload.PayloadShelf.Erased;
import dev.tollgate.audit.payload.PayloadShelf.Subject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What logs say is not kept any more: days that were dropped, and subjects that were erased. What the payload store itself says of that proves nothing. */
final class SaidGone {
    /** Between the record that an erasure is asked for and the word that it leaves in the store. */
    private static final Duration SLACK = Duration.ofMinutes(10);
    /** How long what a command did may be on its way to the log of a gateway that runs. */
    static final Duration ON_ITS_WAY = Duration.ofMinutes(1);
    /** Erasures that are remembered. */
    private static final int MAX_ERASURES = 1_000_000;

    private final Set<String> days = new HashSet<>();
    private final Map<Erasure, Instant> erasures = new HashMap<>();
    private Instant told = Instant.MAX;

    private record Erasure(String subject, String by, String reason) {}

    /**
     * Up to when a log tells all: what commands did comes to it behind what was recorded meanwhile, and what they did while no gateway ran, a moment
     * after the next start.
     */
    private static final class Told {
        private String chain = "";
        private Instant chainBegan = Instant.MIN;
        private Instant lastBefore = Instant.MIN;
        private Instant last = Instant.MIN;

        void take(JournalEntry entry) throws IOException {
            if (!entry.chain().equals(chain)) {
                chain = entry.chain();
                lastBefore = last;
                chainBegan = entry.at();
            }
            last = entry.at();
        }

        Instant until() {
            if (chain.isEmpty()) {
                return Instant.MIN;
            }
            boolean hasJustBegun = last.isBefore(chainBegan.plus(ON_ITS_WAY));
            Instant settled = last.minus(ON_ITS_WAY);
            return hasJustBegun && lastBefore.isBefore(settled) ? lastBefore : settled;
        }
    }

    private SaidGone() {}

    static SaidGone in(List<LogSource> logs) throws IOException {
        SaidGone gone = new SaidGone();
        for (LogSource log : logs) {
            Told told = new Told();
            log.each(entry -> {
                told.take(entry);
                gone.take(entry);
                return true;
            });
            Instant until = told.until();
            gone.told = until.isBefore(gone.told) ? until : gone.told;
        }
        return gone;
    }

    /** Takes a record that came to a log since. */
    void take(JournalEntry entry) throws IOException {
        if (!entry.type().equals("administrative") || !(entry.record() instanceof Administrative said)) {
            return;
        }
        switch (said.action()) {
            case "payloads_dropped" -> days.add(said.subject());
            case "payload_erasure_asked", "payloads_erased" -> {
                if (erasures.size() < MAX_ERASURES) {
                    String reason = said.details().getOrDefault("reason", "");
                    erasures.merge(
                            new Erasure(said.subject(), said.actor(), reason),
                            said.at(),
                            (one, other) -> one.isAfter(other) ? one : other);
                }
            }
            default -> {
                // About something else.
            }
        }
    }

    boolean isDropped(LocalDate day) {
        return days.contains(day.toString());
    }

    /** Whether a log says of an erasure what the store's word of it says. */
    boolean isErased(Whose whose, Erased word) {
        for (Subject subject : whose.subjects()) {
            Instant at = erasures.get(new Erasure(subject.toString(), word.by(), word.reason()));
            if (at != null && !whose.at().isAfter(at.plus(SLACK)) && !word.at().isAfter(at.plus(SLACK))) {
                return true;
            }
        }
        return false;
    }

    /** Whether what happened then may be missing on a log only because that log does not reach so far. */
    boolean mayComeYet(Instant at) {
        return !at.isBefore(told);
    }
}
