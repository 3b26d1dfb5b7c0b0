package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.AuditRecord.Sealed;
import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.audit.seal.Checkpoint.TreeHead;
import dev.tollgate.audit.seal.CompactRange;
import dev.tollgate.audit.seal.SignedNote;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tree over all records of a node up to one of them, and how much of it is under a checkpoint. Checks nothing: {@link Verifier} does. Not safe
 * for use by several threads at once.
 */
public final class Seals {
    private static final int MAX_SIGNERS = 100;

    private final CompactRange tree;
    private long unsealed;
    private Optional<TreeHead> last = Optional.empty();
    private Instant at = Instant.MIN;
    private String key = "";
    private final List<Signer> signers = new ArrayList<>();

    Seals() {
        this(new CompactRange());
    }

    Seals(CompactRange tree) {
        this.tree = tree;
    }

    /** As it was kept. */
    void restore(long records, Optional<TreeHead> checkpoint, Instant when, String signer) {
        unsealed = records;
        last = checkpoint;
        at = when;
        key = signer;
    }

    void take(byte[] leaf, AuditRecord record) {
        tree.append(leaf);
        unsealed++;
        if (record instanceof Sealed sealed) {
            seal(sealed);
        } else if (record instanceof Administrative said && KeyChange.isOne(said)) {
            key = said.subject();
            sign(new Signer(key, KeyChange.endorsement(said)));
        }
    }

    /** The same of a checkpoint whose tree is known. */
    void take(byte[] leaf, Sealed sealed, TreeHead covered) {
        tree.append(leaf);
        sealed(sealed);
        last = Optional.of(covered);
    }

    private void seal(Sealed sealed) {
        sealed(sealed);
        try {
            last = Optional.of(
                    Checkpoint.parse(SignedNote.parse(sealed.note()).text()).tree());
        } catch (IllegalArgumentException forged) {
            // Not as a gateway writes it. The next one follows on nothing, and verification names this one.
            last = Optional.empty();
        }
    }

    private void sealed(Sealed sealed) {
        unsealed = 0;
        at = sealed.at();
        key = sealed.key();
        if (signers.isEmpty()) {
            sign(new Signer(key, ""));
        }
    }

    private void sign(Signer next) {
        if (signers.size() == MAX_SIGNERS) {
            signers.removeFirst();
        }
        signers.add(next);
    }

    void restoreSigners(List<Signer> known) {
        known.forEach(this::sign);
    }

    CompactRange tree() {
        return tree;
    }

    /** Records behind the last checkpoint. */
    long unsealed() {
        return unsealed;
    }

    /** The last checkpoint; empty where there is none. */
    Optional<TreeHead> last() {
        return last;
    }

    /** When the last checkpoint was made; {@link Instant#MIN} where there is none. */
    Instant at() {
        return at;
    }

    /** The keys of the log in their order, the newest {@value #MAX_SIGNERS} at most: who trusts one of them trusts those that it signed for. */
    List<Signer> signers() {
        return List.copyOf(signers);
    }

    /** The key that the log names last; empty where it names none. */
    String key() {
        return key;
    }
}
