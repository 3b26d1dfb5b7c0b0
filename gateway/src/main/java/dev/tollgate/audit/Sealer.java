package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.Checkpoint.Seen;
import dev.tollgate.audit.seal.Checkpoint.TreeHead;
import dev.tollgate.audit.seal.CompactRange;
import dev.tollgate.audit.seal.SigningKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the checkpoints of a journal. A checkpoint covers all records before it and stands at the start of a commit, so that what it covers is
 * committed, but for the change of a key right before it; the tree grows only by what was committed. Its methods belong to the thread that commits, but for those that say otherwise.
 *
 * <pre>
 *   isDue? ──▶ keyChange?, add ──▶ checkpoint, add ──▶ other records, add … ──▶ committed | rolledBack
 * </pre>
 */
final class Sealer {
    /** Most records without a checkpoint. */
    static final int MAX_UNSEALED = 1000;
    /** Longest time without one. */
    static final Duration EVERY = Duration.ofSeconds(10);

    /** So many records, or such a time, before one is due it may be made when nobody waits. */
    private static final int AHEAD = 50;

    private static final Duration EARLY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Sealer.class);

    private final Seals seals;
    private final AuditKeys keys;
    private final InstantSource clock;
    private final List<byte[]> leaves = new ArrayList<>();
    private final List<AuditRecord> records = new ArrayList<>();
    private volatile Supplier<List<Seen>> others = List::of;
    private volatile Consumer<String> anchors = note -> {};
    private volatile String newest = "";
    /** Checkpoints that were committed since the start. */
    private final AtomicLong made = new AtomicLong();
    /** Records that will be behind the last checkpoint when what is pending is committed. */
    private long since;

    /** From then on a record needs a checkpoint before it. */
    private Instant dueAt;

    private long madeNanos;
    private long madeNanosBefore;
    private AuditKeys.@Nullable Next changing;
    /** What the newest checkpoint covers, committed or not. */
    private @Nullable TreeHead covered;

    Sealer(Seals seals, AuditKeys keys, InstantSource clock) {
        this.seals = seals;
        this.keys = keys;
        this.clock = clock;
        this.madeNanos = System.nanoTime() - EVERY.toNanos();
        this.madeNanosBefore = madeNanos;
        this.since = seals.unsealed();
        this.dueAt = due(seals.at());
    }

    /** Tells what is known of other logs, on any thread. Called for each checkpoint: it must not wait. */
    void see(Supplier<List<Seen>> logs) {
        others = logs;
    }

    /** Tells each checkpoint, as a note, from the newest on. Called on the thread that commits: it must not wait. On any thread. */
    void anchor(Consumer<String> anchor) {
        anchors = anchors.andThen(anchor);
        if (!newest.isEmpty()) {
            anchor.accept(newest);
        }
    }

    /** Checkpoints that were committed since the start. On any thread. */
    long made() {
        return made.get();
    }

    /** Whether a checkpoint is wanted now, though nothing else may be. */
    boolean isDue() {
        return System.nanoTime() - madeNanos >= EVERY.toNanos() || isDueBefore(clock.instant());
    }

    /** Whether one will be wanted soon for what is committed. */
    boolean isDueSoon() {
        return since >= MAX_UNSEALED - AHEAD
                || (since > 0
                        && System.nanoTime() - madeNanos >= EVERY.minus(EARLY).toNanos());
    }

    /** Whether one is wanted before a record of this time. */
    boolean isDueBefore(Instant next) {
        return isFull() || next.isAfter(dueAt);
    }

    /** Whether one is wanted before any other record. */
    boolean isFull() {
        return since >= MAX_UNSEALED;
    }

    /** The time of a checkpoint that goes before a record of this time. */
    Instant timeFor(Instant next) {
        Instant now = clock.instant();
        return next.isAfter(now) ? next : now;
    }

    /** The record that says that a new key is taken up, if one waits; it goes right before a checkpoint. */
    Optional<AuditRecord> keyChange(Instant at) {
        SigningKey current = keys.current();
        try {
            Optional<AuditKeys.Next> next = keys.next();
            if (next.isEmpty() || next.get().key().verifier().toString().equals(seals.key())) {
                return Optional.empty();
            }
            SigningKey key = next.get().key();
            if (!key.verifier().name().equals(current.verifier().name())) {
                throw new IOException(
                        "it is the key of another log, " + key.verifier().name());
            }
            changing = next.get();
            return Optional.of(
                    next.get().isEndorsed()
                            ? KeyChange.rotated(at, current, key.verifier())
                            : KeyChange.replaced(at, seals.key(), key.verifier()));
        } catch (IOException unreadable) {
            LOG.error("the new key cannot be taken up, going on with the old one: {}", unreadable.getMessage());
            return Optional.empty();
        }
    }

    /**
     * The checkpoint over all records that are committed and those that are pending.
     *
     * @param last the last of them: its chain, number and hash
     * @param end whether it is the last of the chain
     */
    AuditRecord checkpoint(Instant at, Head last, Checkpoint.End end) {
        SigningKey key = changing == null ? keys.current() : changing.key();
        CompactRange tree = seals.tree();
        if (!leaves.isEmpty()) {
            tree = CompactRange.of(tree.size(), tree.hashes());
            leaves.forEach(tree::append);
        }
        covered = TreeHead.of(tree);
        Checkpoint checkpoint = new Checkpoint(
                key.verifier().name(),
                covered,
                last.chain() + "/" + last.sequence() + " " + last.hash(),
                at,
                seals.last(),
                others.get(),
                end);
        return new Sealed(
                at, key.verifier().toString(), key.sign(checkpoint.text()).toString());
    }

    /** Takes a record that was added to the commit. */
    void add(byte[] leaf, AuditRecord record) {
        leaves.add(leaf);
        records.add(record);
        since++;
        if (record instanceof Sealed sealed) {
            since = 0;
            dueAt = due(sealed.at());
            madeNanosBefore = madeNanos;
            madeNanos = System.nanoTime();
        }
    }

    void committed() {
        for (int i = 0; i < leaves.size(); i++) {
            if (!(records.get(i) instanceof Sealed sealed) || covered == null) {
                seals.take(leaves.get(i), records.get(i));
            } else {
                seals.take(leaves.get(i), sealed, covered);
                newest = sealed.note();
                made.incrementAndGet();
                anchors.accept(newest);
            }
        }
        leaves.clear();
        records.clear();
        madeNanosBefore = madeNanos;
        if (changing != null) {
            take(changing);
        }
    }

    private void take(AuditKeys.Next next) {
        try {
            changing = null;
            LOG.info("the audit log is signed by {} from now on", next.key().verifier());
            keys.follow(next.key());
        } catch (IOException failure) {
            // The log names it, so that it is not taken up again; the next start moves the file.
            LOG.error("the file of the new key cannot be moved: {}", failure.toString());
        }
    }

    void rolledBack() {
        leaves.clear();
        records.clear();
        changing = null;
        since = seals.unsealed();
        dueAt = due(seals.at());
        madeNanos = madeNanosBefore;
    }

    private static Instant due(Instant at) {
        return at.equals(Instant.MIN) ? Instant.MAX : at.plus(EVERY);
    }

    Seals seals() {
        return seals;
    }
}
