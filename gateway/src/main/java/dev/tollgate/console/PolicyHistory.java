package dev.tollgate.console;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.Position;
import dev.tollgate.audit.RecordFeed;
import dev.tollgate.audit.RecordFeed.Stretch;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * What policies came into force and which were refused, as this node's log tells. Reads on from where it was; the first time from the
 * beginning, a stretch at each question, so that a page is never kept waiting for a large log.
 */
final class PolicyHistory {
    private static final String ADMINISTRATIVE = "administrative";
    private static final int BATCH = 1_000;
    /** Stretches read for one question. */
    private static final int MOST_STRETCHES = 200;

    private final Vertx vertx;
    private final RecordFeed feed;
    private final Deque<Change> changes = new ArrayDeque<>();
    private Position next = Position.START;
    private boolean isWhole;

    PolicyHistory(Vertx vertx, RecordFeed feed) {
        this.vertx = vertx;
        this.feed = feed;
    }

    /**
     * One load.
     *
     * @param refused whether it was refused
     * @param version that came into force; where the bundle is from for one that was refused
     * @param lines what changed, or what was wrong
     * @param more how many further lines the log tells
     */
    record Change(Instant at, boolean refused, String version, List<String> lines, int more) {
        /** How many settings changed. */
        int settings() {
            return lines.size() + more;
        }
    }

    /**
     * @param changes newest first
     * @param isWhole whether the log was read to its end
     */
    record Known(List<Change> changes, boolean isWhole) {}

    Future<Known> known() {
        return vertx.executeBlocking(this::readOn);
    }

    private synchronized Known readOn() throws IOException {
        isWhole = false;
        for (int i = 0; i < MOST_STRETCHES && !isWhole; i++) {
            Stretch stretch = feed.read(next, BATCH);
            for (JournalEntry entry : stretch.entries()) {
                take(entry);
            }
            isWhole = stretch.next().equals(next);
            next = stretch.next();
        }
        return new Known(List.copyOf(changes), isWhole);
    }

    private void take(JournalEntry entry) throws IOException {
        if (!entry.type().equals(ADMINISTRATIVE) || !(entry.record() instanceof Administrative said)) {
            return;
        }
        switch (said.action()) {
            case "policy_loaded" -> keep(new Change(said.at(), false, said.subject(), lines(said, "change_"), 0));
            case "policy_refused" -> keep(new Change(said.at(), true, said.subject(), lines(said, "first"), 0));
            default -> {
                // Of something else.
            }
        }
    }

    private static List<String> lines(Administrative said, String prefix) {
        return said.details().entrySet().stream()
                .filter(detail -> detail.getKey().startsWith(prefix))
                .sorted(Comparator.comparing(Map.Entry::getKey))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void keep(Change change) {
        changes.addFirst(change);
        if (changes.size() > Limits.MAX_POLICY_CHANGES) {
            changes.removeLast();
        }
    }
}
