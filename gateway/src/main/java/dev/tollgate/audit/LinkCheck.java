package dev.tollgate.audit;

import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Fault;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Checks that a record is under its hash and follows the record before it. */
final class LinkCheck {
    private final RecordHash hash = new RecordHash();

    /**
     * @param before the record before; null for the first of a log
     */
    @Nullable
    Bad check(@Nullable Head before, JournalEntry entry) {
        if (!Arrays.equals(hash.of(entry.json(), 0, entry.json().length), entry.rawHash())) {
            return Bad.at(Fault.CHANGED, entry, "its bytes are not those that were hashed when it was written");
        }
        if (before == null) {
            return checkFirst(entry);
        }
        return before.chain().equals(entry.chain()) ? checkNext(before, entry) : checkNewChain(before, entry);
    }

    private static @Nullable Bad checkFirst(JournalEntry entry) {
        if (entry.sequence() != 0 || !entry.previous().equals(RecordHash.NONE)) {
            return Bad.at(Fault.MISSING, entry, "the journal does not begin with it: what came before is missing");
        }
        return null;
    }

    private static @Nullable Bad checkNext(Head before, JournalEntry entry) {
        long expected = before.sequence() + 1;
        if (entry.sequence() > expected) {
            return Bad.at(Fault.MISSING, entry, "record " + expected + " should stand here");
        }
        if (entry.sequence() < expected) {
            return Bad.at(Fault.REPEATED, entry, "record " + expected + " should stand here");
        }
        return checkLink(before, entry);
    }

    private static @Nullable Bad checkNewChain(Head before, JournalEntry entry) {
        if (entry.sequence() != 0) {
            return Bad.at(Fault.MISSING, entry, "a chain begins with record 0; what stood between is missing");
        }
        return checkLink(before, entry);
    }

    private static @Nullable Bad checkLink(Head before, JournalEntry entry) {
        return entry.previous().equals(before.hash())
                ? null
                : Bad.at(
                        Fault.UNLINKED,
                        entry,
                        "its link does not fit " + before
                                + ": one of the two was replaced, or what stood between is missing");
    }
}
