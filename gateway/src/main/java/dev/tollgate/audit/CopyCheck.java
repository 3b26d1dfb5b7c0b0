package dev.tollgate.audit;

import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares a journal with a copy of its log, record by record in order. Either may have dropped its oldest records: what both have is compared. That each
 * begins and ends rightly is not looked at here, but in its own verification. Not safe for use by several threads at once.
 */
public final class CopyCheck {
    private final JournalReader journal;
    private final String copyName;
    private final LongConsumer progress;
    private @Nullable JournalEntry ours;
    private @Nullable Bad bad;
    private long same;
    private boolean isAligned;

    /**
     * What was found.
     *
     * @param same records that are the same in both
     * @param ahead records behind those that only the journal has: not shipped yet, or cut off the copy
     * @param firstBad the first record that is not the same, or that one of them lacks in the middle
     */
    public record Result(long same, long ahead, Optional<Bad> firstBad) {}

    private CopyCheck(JournalReader journal, String copyName, LongConsumer progress) {
        this.journal = journal;
        this.copyName = copyName;
        this.progress = progress;
    }

    /**
     * Compares. Blocks.
     *
     * @param folder the journal's own folder
     * @param copyName what messages call the copy
     * @param progress told the number of records compared, after each
     */
    public static Result compare(Path folder, LogSource copy, String copyName, LongConsumer progress)
            throws IOException {
        try (JournalReader reader = JournalReader.open(folder, Position.START)) {
            CopyCheck check = new CopyCheck(reader, copyName, progress);
            check.advance();
            copy.each(check::take);
            return new Result(check.same, check.bad == null ? check.rest() : 0, Optional.ofNullable(check.bad));
        }
    }

    private boolean take(JournalEntry theirs) throws IOException {
        if (!isAligned && !align(theirs)) {
            return bad == null;
        }
        JournalEntry mine = ours;
        if (mine == null) {
            fail(theirs, copyName + " has " + name(theirs) + ", the journal ends before it");
        } else if (order(theirs, mine) > 0) {
            fail(mine, copyName + " lacks " + name(mine) + ", though it has " + name(theirs));
        } else if (order(theirs, mine) < 0) {
            fail(theirs, "the journal lacks " + name(theirs) + ", though it has " + name(mine));
        } else if (!theirs.hash().equals(mine.hash()) || !Arrays.equals(theirs.json(), mine.json())) {
            fail(mine, name(mine) + " is not the same in the journal and in " + copyName);
        } else {
            progress.accept(++same);
            advance();
        }
        return bad == null;
    }

    /** Finds the first record that both have; yields whether this is it, or should be. */
    private boolean align(JournalEntry theirs) throws IOException {
        while (ours != null && order(ours, theirs) < 0) {
            advance();
        }
        isAligned = ours != null && order(ours, theirs) == 0;
        return isAligned;
    }

    private void advance() throws IOException {
        ours = switch (journal.next()) {
            case JournalReader.Step.Intact(JournalEntry entry) -> entry;
            case JournalReader.Step.Damaged(Position at, String what) -> {
                bad = new Bad(Fault.COPIES_DIFFER, at, "", -1, "the journal cannot be read on here: " + what);
                yield null;
            }
            case JournalReader.Step.Torn torn -> null;
            case JournalReader.Step.End end -> null;
        };
    }

    private long rest() throws IOException {
        long ahead = 0;
        while (ours != null) {
            ahead++;
            advance();
        }
        return ahead;
    }

    private void fail(JournalEntry at, String message) {
        bad = new Bad(Fault.COPIES_DIFFER, at.position(), at.chain(), at.sequence(), message);
    }

    private static String name(JournalEntry entry) {
        return "record " + entry.sequence() + " of chain " + entry.chain();
    }

    /** Chains of one node are named in the order of its starts. */
    private static int order(JournalEntry one, JournalEntry other) {
        int byChain = one.chain().compareTo(other.chain());
        return byChain == 0 ? Long.compare(one.sequence(), other.sequence()) : byChain;
    }
}
