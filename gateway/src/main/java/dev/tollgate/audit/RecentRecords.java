package dev.tollgate.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The newest records of a journal in memory, for the one who follows it closest: reading them back costs more than writing them did. Holds what was
 * committed and not asked for yet, {@value #MAX_RECORDS} records of {@value #MAX_BYTES} bytes at most; whoever falls behind further reads the files.
 */
final class RecentRecords {
    static final int MAX_RECORDS = 8192;
    static final long MAX_BYTES = 8L << 20;

    private final Deque<JournalEntry> committed = new ArrayDeque<>();
    /** Used by the thread that commits. */
    private final List<JournalEntry> pending = new ArrayList<>();

    private long bytes;
    private volatile boolean isWanted;

    /** Begins to hold records. There is one who asks. */
    void want() {
        isWanted = true;
    }

    boolean isWanted() {
        return isWanted;
    }

    /** Takes a record that was added to a commit. */
    void add(JournalEntry entry) {
        pending.add(entry);
    }

    void rolledBack() {
        pending.clear();
    }

    /** Hands out what was added. */
    synchronized void committed() {
        for (JournalEntry entry : pending) {
            committed.addLast(entry);
            bytes += entry.length();
        }
        pending.clear();
        while (committed.size() > MAX_RECORDS || bytes > MAX_BYTES) {
            removeFirst();
        }
    }

    private void removeFirst() {
        bytes -= committed.removeFirst().length();
    }

    /**
     * The records right behind one; none where they are not held. Those up to it are held no longer.
     *
     * @param most records
     * @param mostBytes after which no further record is told
     */
    synchronized List<JournalEntry> after(Head last, int most, long mostBytes) {
        while (!committed.isEmpty() && isUpTo(committed.getFirst(), last)) {
            removeFirst();
        }
        if (committed.isEmpty() || !committed.getFirst().previous().equals(last.hash())) {
            return List.of();
        }
        List<JournalEntry> next = new ArrayList<>(Math.min(most, committed.size()));
        long told = 0;
        Iterator<JournalEntry> entries = committed.iterator();
        while (entries.hasNext() && next.size() < most && told < mostBytes) {
            JournalEntry entry = entries.next();
            next.add(entry);
            told += entry.length();
        }
        return next;
    }

    private static boolean isUpTo(JournalEntry entry, Head last) {
        return entry.sequence() <= last.sequence() && entry.chain().equals(last.chain());
    }
}
