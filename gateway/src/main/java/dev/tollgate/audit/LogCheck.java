package dev.tollgate.audit;

import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.seal.Checkpoint.TreeHead;
import dev.tollgate.audit.seal.VerifierKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks the records of one node as they pass in order, wherever they are kept: each under its hash and linked to the one before, every
 * checkpoint fitting, no call without its end, and everything that was said of the log elsewhere. Bounded memory. Not safe for use by several
 * threads at once.
 */
public final class LogCheck {
    private static final int MAX_NOTES = 100;
    /** After such a time what was written must have come to a copy, unless records are still coming. */
    private static final Duration LONGEST_WAY = Duration.ofMinutes(2);

    private final LinkCheck links = new LinkCheck();
    private final OutcomeCheck outcomes = new OutcomeCheck();
    private final Trust trust;
    private final SealCheck seals;
    private final @Nullable Tombstone dropped;
    /** Index of the record that says what was dropped; -1 until it passed. */
    private long saidAt = -1;

    private final Map<String, Long> byType = new HashMap<>();
    private final List<String> notes = new ArrayList<>();
    private @Nullable AnchorCheck anchors;
    private @Nullable Head last;
    private long chains;
    private long records;
    private @Nullable Bad bad;
    private @Nullable Bad openEnd;

    /** Checks a log from its first record on. */
    public LogCheck(Trust trust) {
        this(trust, null);
    }

    /**
     * Checks what is left of a log whose own policy dropped its oldest records. That a record says so is believed only once a checkpoint covers it.
     *
     * @param dropped what a record of the log says of it; null where nothing was dropped
     */
    public LogCheck(Trust trust, @Nullable Tombstone dropped) {
        this.trust = trust;
        this.seals = new SealCheck(dropped == null ? new Seals() : dropped.before(), trust);
        this.last = dropped == null ? null : dropped.last();
        this.dropped = dropped;
    }

    /**
     * Takes the next record; not to be called any more once it has yielded something.
     *
     * @return what is wrong with it; empty where nothing is
     * @throws IllegalArgumentException if an anchor is no checkpoint
     */
    public Optional<Bad> take(JournalEntry entry) {
        bad = check(entry);
        if (bad != null) {
            return Optional.of(bad);
        }
        Head before = records == 0 ? null : last;
        chains += before == null || !before.chain().equals(entry.chain()) ? 1 : 0;
        records++;
        byType.merge(entry.type(), 1L, Long::sum);
        lookForTombstone(entry);
        last = Head.of(entry);
        return Optional.empty();
    }

    private void lookForTombstone(JournalEntry entry) {
        if (dropped != null && saidAt < 0 && entry.hash().equals(dropped.record())) {
            saidAt = seals.tree().size() - 1;
        }
    }

    private @Nullable Bad check(JournalEntry entry) {
        try {
            Bad found = links.check(last, entry);
            if (found == null) {
                found = anchors(entry).check(seals.tree(), last, seals.keys(), entry);
            }
            if (found == null) {
                found = seals.check(last, entry);
            }
            return found == null ? outcomes.check(entry) : found;
        } catch (IOException unreadable) {
            return Bad.at(Verification.Fault.UNREADABLE, entry, "it is no record: " + unreadable.getMessage());
        }
    }

    private AnchorCheck anchors(JournalEntry entry) {
        AnchorCheck known = anchors;
        if (known == null) {
            known = AnchorCheck.of(AuditKeys.origin(Head.of(entry).node()), trust);
            known.begin(seals.tree().size());
            anchors = known;
        }
        return known;
    }

    /** The last record that is good. */
    Optional<Head> last() {
        return Optional.ofNullable(last);
    }

    /** Says something that is no fault. */
    void note(String note) {
        if (notes.size() < MAX_NOTES) {
            notes.add(note);
        }
    }

    /** Names what only shows at the end; what was found before counts first. */
    public void fail(Bad found) {
        if (bad == null) {
            bad = found;
        }
    }

    /**
     * What was found.
     *
     * @param segments segment files it came from; 0 where it came from elsewhere
     */
    public Verification end(long segments) {
        return end(segments, at -> false);
    }

    /**
     * What was found in a copy, to which records come some time after they were written: a copy to which nothing comes any more must end as a log does
     * whose gateway was ended in good order, or another log must have seen later that it ends there. A gateway that runs writes a
     * checkpoint every 10 seconds, also when it is idle.
     *
     * @param now when it was begun to be read
     * @param isGrowing whether records have come since it was read; asked once, if that matters
     */
    public Verification endOfCopy(Instant now, BooleanSupplier isGrowing) {
        boolean[] asked = {false, false};
        BooleanSupplier once = () -> {
            if (!asked[0]) {
                asked[0] = true;
                asked[1] = isGrowing.getAsBoolean();
            }
            return asked[1];
        };
        Instant settled = now.minus(LONGEST_WAY);
        if (bad == null && seals.isOpen() && seals.sealedAt().isBefore(settled)) {
            openEnd(once);
        }
        return end(0, at -> !at.isBefore(settled) || once.getAsBoolean());
    }

    private void openEnd(BooleanSupplier isGrowing) {
        Head end = last;
        if (end == null || isSeenLater(end)) {
            return;
        }
        if (isGrowing.getAsBoolean()) {
            note("records are still coming to this copy: verify again for those after " + end);
            return;
        }
        openEnd = new Bad(
                Verification.Fault.TAIL_MISSING,
                end.end(),
                end.chain(),
                end.sequence(),
                "the log ends after its checkpoint of " + seals.sealedAt()
                        + ", nothing comes any more, and it was not ended in good order: its newest checkpoint or more was dropped from this copy, or its"
                        + " gateway was killed, or cut off from here, and has not come back");
    }

    /** Whether another log saw some time later that it ends there. */
    private boolean isSeenLater(Head end) {
        Instant later = seals.sealedAt().plus(LONGEST_WAY);
        String origin = AuditKeys.origin(end.node());
        return trust.sightings().stream()
                .anyMatch(seen -> seen.origin().equals(origin)
                        && seen.size() == seals.covered()
                        && !seen.at().isBefore(later));
    }

    private Verification end(long segments, AnchorCheck.OnItsWay onItsWay) {
        if (bad == null) {
            bad = seals.end(last);
        }
        if (bad == null) {
            bad = atEnd(onItsWay);
        }
        if (bad == null) {
            bad = openEnd;
        }
        notes.addAll(seals.notes());
        return new Verification(
                segments,
                chains,
                records,
                byType,
                Optional.ofNullable(bad),
                Optional.ofNullable(last),
                notes,
                seals.result(),
                bad == null ? Optional.of(TreeHead.of(seals.tree())) : Optional.empty());
    }

    private @Nullable Bad atEnd(AnchorCheck.OnItsWay onItsWay) {
        if (dropped != null) {
            note(dropped.toString());
        }
        if (dropped != null && (saidAt < 0 || saidAt >= seals.covered())) {
            return Bad.ofBeginning(
                    dropped.last(),
                    "that what came before was dropped by the log's own policy says a record that no checkpoint covers");
        }
        AnchorCheck known = anchors;
        if (known == null) {
            return null;
        }
        Bad found = known.end(seals.tree(), last, seals.keys(), onItsWay);
        if (known.met() > 0) {
            note(known.met() + " checkpoints kept elsewhere are in the log");
        }
        if (!known.note().isEmpty()) {
            note(known.note());
        }
        return found;
    }

    /** The keys that the log has named so far. */
    Iterable<VerifierKey> keys() {
        return seals.keys();
    }
}
