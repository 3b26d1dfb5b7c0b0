package dev.tollgate.load;

import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.CopyCheck;
import dev.tollgate.audit.Journal;
import dev.tollgate.audit.JournalEntry;
import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import dev.tollgate.store.mongo.MongoLogs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Whether every call that a client was served is on the log of its node, once, and the log is sound: in the journal, and in its copy in MongoDB. Prints what it finds. */
final class Wholeness {
    /** In this time a gateway that runs ships something. */
    private static final Duration LIVE = Duration.ofSeconds(15);

    private final Path data;
    private final Set<String> served;
    private final Trust trust;

    /** @param served calls whose reply a client had whole */
    Wholeness(Path data, Set<String> served) throws IOException {
        this.data = data;
        this.served = served;
        this.trust = new Trust(List.of(AuditKeys.shown(data)), List.of(), List.of());
    }

    /** Checks the journal, which nobody may write meanwhile. */
    boolean ofJournal() throws IOException {
        Path journal = data.resolve(Journal.FOLDER);
        Verification found = Verifier.verify(journal, trust, bytes -> {});
        return isWhole("in the journal", Verifier.source(journal, bytes -> {}), found);
    }

    /**
     * Checks the copy, once it has all that is in the journal.
     *
     * @param patience for that
     */
    boolean ofCopy(MongoLogs logs, Duration patience) throws IOException, InterruptedException {
        Path journal = data.resolve(Journal.FOLDER);
        String node = Journal.headOf(journal).orElseThrow().node();
        long until = System.nanoTime() + patience.toNanos();
        CopyCheck.Result copy = CopyCheck.compare(journal, logs.of(node), "MongoDB", compared -> {});
        while (copy.ahead() > 0 && copy.firstBad().isEmpty() && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(500);
            copy = CopyCheck.compare(journal, logs.of(node), "MongoDB", compared -> {});
        }
        System.out.println(copy.same() + " records in MongoDB as in the journal and in its order, " + copy.ahead()
                + " missing there; first that differs: " + said(copy.firstBad()));
        boolean isWhole =
                isWhole("in MongoDB", logs.of(node), logs.verify(node, trust, Instant.now(), LIVE, read -> {}));
        return isWhole && copy.firstBad().isEmpty() && copy.ahead() == 0;
    }

    private boolean isWhole(String where, LogSource log, Verification found) throws IOException {
        Map<String, int[]> counts = new HashMap<>();
        log.each(entry -> {
            count(entry, counts);
            return true;
        });
        long lost = served.stream()
                .filter(exchange -> !counts.containsKey(exchange) || counts.get(exchange)[1] == 0)
                .count();
        long doubled = counts.values().stream()
                .filter(count -> count[0] != 1 || count[1] > 1)
                .count();
        System.out.println(where + ": " + found.records() + " records, " + found.chains() + " chains, "
                + found.seal().checkpoints() + " checkpoints, first bad: " + said(found.firstBad()) + "; "
                + served.size() + " exchanges served, " + counts.size() + " there, " + lost + " lost, " + doubled
                + " doubled");
        return found.isGood() && !served.isEmpty() && lost == 0 && doubled == 0;
    }

    private static String said(Optional<Verification.Bad> bad) {
        return bad.map(Verification.Bad::toString).orElse("none");
    }

    private static void count(JournalEntry entry, Map<String, int[]> counts) throws IOException {
        switch (entry.record()) {
            case Received received -> counts.computeIfAbsent(received.exchange().value(), id -> new int[2])[0]++;
            case Ended ended -> counts.computeIfAbsent(ended.exchange().value(), id -> new int[2])[1]++;
            default -> {
                // Belongs to no exchange.
            }
        }
    }
}
