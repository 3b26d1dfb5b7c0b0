package dev.tollgate.cli;

import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Trust.Sighting;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import dev.tollgate.store.mongo.MongoLogs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifies what all nodes have shipped to MongoDB: each log by itself, what they say of each other, and a journal against its copy. */
final class MongoVerification {
    private final MongoLogs logs;
    private final Trust trust;
    private final PrintWriter err;
    /** The tree of each log that was found good: its copy elsewhere must have had it too. */
    private final List<Sighting> trees = new ArrayList<>();

    MongoVerification(MongoLogs logs, Trust trust, PrintWriter err) {
        this.logs = logs;
        this.trust = trust;
        this.err = err;
    }

    /**
     * Verifies all of it; whether all is good.
     *
     * @param journal one to be compared with its copy; null for none
     */
    boolean run(@Nullable Path journal, PrintWriter out) throws IOException {
        List<String> nodes = logs.nodes();
        if (nodes.isEmpty()) {
            throw new IOException("no node has shipped anything to this database");
        }
        Trust withSightings = new Trust(trust.keys(), trust.anchors(), logs.sightings());
        boolean good = true;
        try (ProgressBar bar = new ProgressBar(err, logs.count())) {
            long[] before = {0};
            for (String node : nodes) {
                Verification found = logs.verify(node, trustOf(node, withSightings), read -> bar.at(before[0] + read));
                before[0] += found.records();
                good &= VerificationText.print(found, "the log of node " + node, out);
                found.tree()
                        .ifPresent(tree ->
                                trees.add(new Sighting("MongoDB", AuditKeys.origin(node), tree.size(), tree.root())));
            }
        }
        return (journal == null || isSame(journal, out)) && good;
    }

    /** Keys of other nodes say nothing of this one. */
    private static Trust trustOf(String node, Trust all) {
        return new Trust(
                all.keys().stream()
                        .filter(key -> key.name().equals(AuditKeys.origin(node)))
                        .toList(),
                all.anchors(),
                all.sightings());
    }

    private boolean isSame(Path journal, PrintWriter out) throws IOException {
        Verification found = Verifier.verify(journal, new Trust(trust.keys(), trust.anchors(), trees), bytes -> {});
        return VerificationText.print(found, "the journal, compared with MongoDB,", out);
    }
}
