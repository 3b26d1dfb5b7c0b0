package dev.tollgate.cli;

import dev.tollgate.audit.AuditKeys;
import dev.tollgate.audit.CopyCheck;
import dev.tollgate.audit.Head;
import dev.tollgate.audit.LogSource;
import dev.tollgate.audit.Trust;
import dev.tollgate.audit.Verification;
import dev.tollgate.audit.Verifier;
import dev.tollgate.audit.evidence.PayloadCheck;
import dev.tollgate.audit.payload.PayloadReader;
import dev.tollgate.store.mongo.MongoLogs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifies what all nodes have shipped to MongoDB: each log by itself, what they say of each other, and a journal against its copy. */
final class MongoVerification {
    /** How often payloads that are sound have the logs read. */
    private static final int PASSES = 2;
    /** In this time a gateway that runs writes and ships a checkpoint. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final MongoLogs logs;
    private final Trust trust;
    private final PrintWriter err;

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
        Instant now = Instant.now();
        Trust withSightings = new Trust(trust.keys(), trust.anchors(), logs.sightings());
        boolean good = true;
        try (ProgressBar bar = new ProgressBar(err, logs.count())) {
            long[] before = {0};
            for (String node : nodes) {
                Verification found = logs.verify(
                        node, trustOf(node, withSightings), now, PATIENCE, read -> bar.at(before[0] + read));
                before[0] += found.records();
                good &= VerificationText.print(found, "the log of node " + node, out);
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

    /** Compares what is kept of requests and replies with the logs of all nodes; whether all is good. */
    boolean hasSoundPayloads(PayloadReader payloads, PrintWriter out) throws IOException {
        try (ProgressBar bar = new ProgressBar(err, PASSES * logs.count())) {
            long[] read = {0};
            List<LogSource> all = new ArrayList<>();
            for (String node : logs.nodes()) {
                all.add(reader -> logs.of(node).each(entry -> {
                    bar.at(++read[0]);
                    return reader.take(entry);
                }));
            }
            return VerificationText.print(PayloadCheck.check(all, payloads, Instant.now()), out);
        }
    }

    private boolean isSame(Path journal, PrintWriter out) throws IOException {
        Verification found;
        try (ProgressBar bar = new ProgressBar(err, Verifier.bytes(journal))) {
            found = Verifier.verify(journal, trust, bar::at);
        }
        boolean isSound = VerificationText.print(found, "the journal", out);
        String node = found.last().map(Head::node).orElse("");
        try (ProgressBar bar = new ProgressBar(err, logs.count())) {
            CopyCheck.Result copies = CopyCheck.compare(journal, logs.of(node), "MongoDB", bar::at);
            return VerificationText.print(copies, out) && isSound;
        }
    }
}
