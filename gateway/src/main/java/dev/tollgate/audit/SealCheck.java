package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Fault;
import dev.tollgate.audit.Verification.Seal;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.Checkpoint.TreeHead;
import dev.tollgate.audit.seal.CompactRange;
import dev.tollgate.audit.seal.SignedNote;
import dev.tollgate.audit.seal.VerifierKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that each checkpoint is of the tree before it, signed by the key in force and behind the one before; that they stand close enough; and
 * that each key signed for the next.
 */
final class SealCheck {
    /** Record time after which a checkpoint must have come: one is due after {@link Sealer#EVERY}. */
    private static final Duration MAX_UNSEALED = Duration.ofSeconds(30);

    private final CompactRange tree;
    private final Trust trust;
    /** Every key that was in force. */
    private final Set<VerifierKey> keys = new LinkedHashSet<>();

    private final Set<VerifierKey> trusted = new LinkedHashSet<>();
    private final List<String> notes = new ArrayList<>();
    private Optional<TreeHead> previous = Optional.empty();
    private @Nullable VerifierKey current;
    private @Nullable Bad untrusted;
    private boolean isSealing;
    /** What the last checkpoint says of what follows, or what follows says otherwise. */
    private Checkpoint.End end = Checkpoint.End.UNTOLD;

    private Instant sealedAt = Instant.MIN;
    private long checkpoints;
    private long unsealed;
    /** From then on a record needs a checkpoint before it. */
    private Instant dueAt = Instant.MAX;

    /**
     * @param seals what is before the first record that is checked
     */
    SealCheck(Seals seals, Trust trust) {
        this.tree = seals.tree();
        this.previous = seals.last();
        this.unsealed = seals.unsealed();
        this.isSealing = !seals.key().isEmpty();
        this.trust = trust;
        this.trusted.addAll(trust.keys());
        if (isSealing && !seals.at().equals(Instant.MIN)) {
            dueAt = seals.at().plus(MAX_UNSEALED);
        }
        signedBefore(seals);
    }

    /** Follows the keys from the first of the log, of which the records are gone, to the one in force. */
    private void signedBefore(Seals seals) {
        VerifierKey before = null;
        for (Signer signer : seals.signers()) {
            VerifierKey key = VerifierKey.parse(signer.key());
            if (before != null && trusted.contains(before) && KeyChange.isEndorsed(before, key, signer.endorsement())) {
                trusted.add(key);
            }
            use(key);
            before = key;
        }
        if (isSealing) {
            use(VerifierKey.parse(seals.key()));
        }
    }

    @Nullable
    Bad check(@Nullable Head last, JournalEntry entry) throws IOException {
        if (end == Checkpoint.End.CLOSED) {
            end = Checkpoint.End.OPEN;
        }
        Bad bad = switch (entry.type()) {
            case RecordWriter.CHECKPOINT -> checkpoint(last, entry, (Sealed) entry.record());
            case RecordWriter.ADMINISTRATIVE -> administrative(entry, (Administrative) entry.record());
            default -> unsealed(entry);
        };
        if (bad == null) {
            tree.append(entry.rawHash());
        }
        return bad;
    }

    private @Nullable Bad administrative(JournalEntry entry, Administrative said) {
        if (entry.sequence() == 0) {
            return chainStarted(entry, said);
        }
        Bad changed = KeyChange.isOne(said) ? keyChange(entry, said) : null;
        return changed == null ? unsealed(entry) : changed;
    }

    private @Nullable Bad chainStarted(JournalEntry entry, Administrative said) {
        boolean sealsNow = !said.details().getOrDefault("format", "1").equals("1");
        if (isSealing && !sealsNow) {
            return Bad.at(Fault.UNSEALED, entry, "its chain has no checkpoints, though the chain before has");
        }
        if (!isSealing) {
            // What came before is of a version that made no checkpoints.
            unsealed = 0;
        }
        isSealing = sealsNow;
        dueAt = said.at().plus(MAX_UNSEALED);
        return null;
    }

    private @Nullable Bad unsealed(JournalEntry entry) {
        unsealed++;
        if (!isSealing) {
            return null;
        }
        if (unsealed > Sealer.MAX_UNSEALED) {
            return Bad.at(
                    Fault.UNSEALED,
                    entry,
                    "more than " + Sealer.MAX_UNSEALED
                            + " records stand behind the last checkpoint: checkpoints are missing");
        }
        Instant at = Peek.at(entry);
        return at != null && at.isAfter(dueAt)
                ? Bad.at(
                        Fault.UNSEALED,
                        entry,
                        "it happened more than " + MAX_UNSEALED.toSeconds()
                                + " s after the last checkpoint: checkpoints are missing")
                : null;
    }

    private @Nullable Bad keyChange(JournalEntry entry, Administrative said) {
        VerifierKey next;
        try {
            next = VerifierKey.parse(said.subject());
        } catch (IllegalArgumentException noKey) {
            return Bad.at(Fault.KEY, entry, "it names as the new key what is none");
        }
        VerifierKey before = current;
        boolean isEndorsed = before != null && KeyChange.isEndorsed(before, next, KeyChange.endorsement(said));
        if (!isEndorsed && !trust.keys().contains(next)) {
            return Bad.at(
                    Fault.KEY,
                    entry,
                    "the key before did not sign for the new key " + next
                            + "; if you know that it is right, say so with --pubkey");
        }
        if (isEndorsed && trusted.contains(before)) {
            trusted.add(next);
        }
        notes.add(
                entry + " changes the key to " + next + (isEndorsed ? "" : ", which the key before did not sign for"));
        use(next);
        return null;
    }

    private void use(VerifierKey key) {
        current = key;
        keys.add(key);
    }

    private @Nullable Bad checkpoint(@Nullable Head last, JournalEntry entry, Sealed sealed) {
        try {
            VerifierKey key = current;
            if (key == null) {
                key = VerifierKey.parse(sealed.key());
                use(key);
            }
            SignedNote note = SignedNote.parse(sealed.note());
            Checkpoint checkpoint = Checkpoint.parse(note.text());
            String fault = !sealed.key().equals(key.toString()) || !key.verifies(note)
                    ? "the key in force, " + key + ", did not sign it"
                    : fault(checkpoint, last, entry, sealed);
            if (!fault.isEmpty()) {
                return Bad.at(Fault.CHECKPOINT, entry, fault);
            }
            previous = Optional.of(checkpoint.tree());
            end = checkpoint.end();
            sealedAt = checkpoint.at();
            judge(entry, key);
        } catch (IllegalArgumentException malformed) {
            return Bad.at(Fault.CHECKPOINT, entry, "it is no checkpoint: " + malformed.getMessage());
        }
        isSealing = true;
        checkpoints++;
        unsealed = 0;
        dueAt = sealed.at().plus(MAX_UNSEALED);
        return null;
    }

    private String fault(Checkpoint checkpoint, @Nullable Head last, JournalEntry entry, Sealed sealed) {
        String node = Head.of(entry).node();
        String head = last == null ? "" : last.chain() + "/" + last.sequence() + " " + last.hash();
        if (!checkpoint.origin().equals(AuditKeys.origin(node))) {
            return "it is of another log, " + checkpoint.origin();
        }
        if (!checkpoint.previous().equals(previous)) {
            return "it follows on a checkpoint over " + size(checkpoint.previous()) + ", but the one before is over "
                    + size(previous);
        }
        if (!checkpoint.tree().equals(TreeHead.of(tree))) {
            return "it is of another tree of " + checkpoint.tree().size() + " records than the " + tree.size()
                    + " before it make: one of them was replaced, added or removed";
        }
        return checkpoint.head().equals(head) && checkpoint.at().equals(sealed.at())
                ? ""
                : "it names another record before it, or another time, than the log has";
    }

    private static String size(Optional<TreeHead> tree) {
        return tree.map(head -> head.size() + " records").orElse("nothing");
    }

    /** A later checkpoint of a trusted key covers all before it, whoever signed that. */
    private void judge(JournalEntry entry, VerifierKey key) {
        if (trusted.contains(key)) {
            untrusted = null;
        } else if (untrusted == null && !trust.keys().isEmpty()) {
            untrusted = Bad.at(Fault.KEY, entry, "it is signed by " + key + ", which is not a key that you trust");
        }
    }

    /** What is wrong with the log as a whole. */
    @Nullable
    Bad end(@Nullable Head last) {
        if (untrusted != null || trust.keys().isEmpty() || checkpoints > 0) {
            return untrusted;
        }
        return new Bad(
                Fault.UNSEALED,
                last == null ? Position.START : last.end(),
                last == null ? "" : last.chain(),
                last == null ? -1 : last.sequence(),
                "the log has no checkpoint that a key could have signed");
    }

    /** Whether nobody has ended the log in good order, as far as it would say so. */
    boolean isOpen() {
        return end == Checkpoint.End.OPEN;
    }

    /** When the last checkpoint was made. */
    Instant sealedAt() {
        return sealedAt;
    }

    /** Records that the last checkpoint covers, from the first of the log on. */
    long covered() {
        return previous.map(TreeHead::size).orElse(0L);
    }

    CompactRange tree() {
        return tree;
    }

    /** All keys that may have signed a checkpoint of the log. */
    Set<VerifierKey> keys() {
        Set<VerifierKey> all = new LinkedHashSet<>(trusted);
        all.addAll(keys);
        return all;
    }

    List<String> notes() {
        return notes;
    }

    Seal result() {
        return new Seal(
                checkpoints,
                covered(),
                unsealed,
                keys.stream().map(VerifierKey::toString).toList(),
                !trusted.isEmpty());
    }
}
