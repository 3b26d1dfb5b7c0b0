package dev.tollgate.audit;

import dev.tollgate.audit.Verification.Bad;
import dev.tollgate.audit.Verification.Fault;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks that every call that was received also ended: where the gateway stopped before, its next start writes the end before it takes a new
 * call. Remembers the open calls, {@value #MAX_OPEN} at most.
 */
final class OutcomeCheck {
    private static final int MAX_OPEN = 1_000_000;

    private final Map<String, Open> open = new LinkedHashMap<>();

    private String before = "";

    private record Open(String chain, long sequence, Position at) {}

    @Nullable
    Bad check(JournalEntry entry) {
        // A start with many ends may have a checkpoint among them, but never one behind the other.
        boolean isStarted = entry.type().equals(RecordWriter.RECEIVED)
                || (entry.type().equals(RecordWriter.CHECKPOINT) && before.equals(RecordWriter.CHECKPOINT));
        before = entry.type();
        Bad missing = isStarted ? checkOldest(entry) : null;
        if (missing != null) {
            return missing;
        }
        switch (entry.type()) {
            case RecordWriter.RECEIVED -> {
                String exchange = Peek.exchange(entry);
                if (exchange != null && open.size() < MAX_OPEN) {
                    open.put(exchange, new Open(entry.chain(), entry.sequence(), entry.position()));
                }
            }
            case RecordWriter.ENDED -> open.remove(String.valueOf(Peek.exchange(entry)));
            default -> {
                // Opens and ends no call.
            }
        }
        return null;
    }

    private @Nullable Bad checkOldest(JournalEntry entry) {
        if (open.isEmpty()) {
            return null;
        }
        Map.Entry<String, Open> oldest = open.entrySet().iterator().next();
        Open call = oldest.getValue();
        return call.chain.equals(entry.chain())
                ? null
                : new Bad(
                        Fault.OUTCOME_MISSING,
                        call.at,
                        call.chain,
                        call.sequence,
                        "call " + oldest.getKey() + " was received and never ended, though its chain is over");
    }

    /** Calls that have not ended yet. */
    int open() {
        return open.size();
    }
}
