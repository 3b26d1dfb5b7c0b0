package dev.tollgate.audit;

import dev.tollgate.audit.AuditRecord.Administrative;
import dev.tollgate.policy.AuditPolicy;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of this node: append-only segment files in the folder {@code journal} of the data folder, one chain of linked records per start.
 *
 * <pre>
 *   append (any thread) ──▶ canonical JSON ──▶ queue ──▶ one thread: place in chain, hash, write, force, move the head ──▶ future
 * </pre>
 *
 * <p>An append costs its caller the writing of a kilobyte of JSON. The future completes on the caller's Vert.x context (on the journal's own
 * thread where the caller has none) when the record is written, and under {@code strict} forced to the disk. It fails when more bytes wait
 * than the policy's backlog allows, when the record is longer than {@value Frame#MAX_JSON} bytes, or when the disk does not take it; the
 * journal goes on by itself as soon as the disk does.
 */
public final class Journal implements AuditLog, AutoCloseable {
    public static final String FOLDER = "journal";
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final Path folder;
    private final JournalLock lock;
    private final ChainWriter writer;
    private final Committer committer;
    private final Thread thread;
    private final Recovered recovered;

    private Journal(Path folder, JournalLock lock, ChainWriter writer, Committer committer, Recovered recovered) {
        this.folder = folder;
        this.lock = lock;
        this.writer = writer;
        this.committer = committer;
        this.recovered = recovered;
        this.thread = Thread.ofPlatform().name("tollgate-journal").daemon(true).start(committer);
    }

    /**
     * Opens the journal of a data folder, makes it if there is none, repairs a torn tail, ends calls that were left open, and begins a new
     * chain. Blocks: reads what came since the last segment was begun.
     *
     * @param clock tells the moments of the records that the journal itself makes
     * @param stillCounts whether a counter of money is worth handing over, by its key; the others are forgotten
     * @throws IOException if another process writes it, or it cannot be read or written
     */
    public static Journal open(Path dataFolder, AuditPolicy policy, InstantSource clock, Predicate<String> stillCounts)
            throws IOException {
        return open(dataFolder, policy, clock, stillCounts, Disk.REAL);
    }

    static Journal open(
            Path dataFolder, AuditPolicy policy, InstantSource clock, Predicate<String> stillCounts, Disk disk)
            throws IOException {
        Path folder = dataFolder.resolve(FOLDER);
        createPrivately(folder);
        JournalLock lock = JournalLock.take(folder);
        try {
            Instant now = clock.instant();
            Recovery.Found found = Recovery.run(folder, now);
            found.tally().forgetCounters(stillCounts);
            Head last = found.last();
            ChainId chain =
                    last == null ? ChainId.first() : ChainId.parse(last.chain()).next();
            ChainWriter writer = new ChainWriter(
                    folder,
                    disk,
                    policy,
                    chain.toString(),
                    last == null ? RecordHash.NONE : last.hash(),
                    found.nextSegment());
            List<Recovered.Orphan> orphans = found.tally().orphans(now);
            Head head = begin(writer, found, started(now, chain, last), orphans);
            Recovered recovered = new Recovered(
                    found.tally().spent(),
                    orphans,
                    found.tally().others(),
                    found.findings().stream().map(Journal::sentence).toList());
            LOG.info("journal {} opened, chain {}, {} calls were left open", folder, chain, orphans.size());
            Committer committer = new Committer(
                    writer,
                    folder,
                    found.tally(),
                    stillCounts,
                    head,
                    policy.backlog().bytes());
            return new Journal(folder, lock, writer, committer, recovered);
        } catch (IOException | RuntimeException failure) {
            lock.close();
            throw failure;
        }
    }

    private static Head begin(
            ChainWriter writer, Recovery.Found found, Administrative started, List<Recovered.Orphan> orphans)
            throws IOException {
        List<AuditRecord> first = new ArrayList<>();
        first.add(started);
        first.addAll(found.findings());
        orphans.forEach(orphan -> first.add(orphan.ended()));
        for (AuditRecord record : first) {
            byte[] json = RecordWriter.write(record);
            if (!writer.fits(json.length)) {
                Head unused = writer.commit();
                LOG.debug("committed up to {}", unused);
            }
            writer.add(json);
            found.tally().add(record);
        }
        return writer.commit();
    }

    private static Administrative started(Instant now, ChainId chain, @Nullable Head last) {
        Map<String, String> details = new LinkedHashMap<>();
        details.put("format", "1");
        details.put("node", chain.node());
        if (last != null) {
            details.put("previous_chain", last.chain());
            details.put("previous_seq", Long.toString(last.sequence()));
        }
        return new Administrative(now, "chain_started", "gateway", chain.toString(), details);
    }

    private static String sentence(Administrative finding) {
        return finding.action() + ": " + finding.subject() + " " + finding.details();
    }

    private static void createPrivately(Path folder) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (posix) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(folder);
        }
    }

    @Override
    public Future<Void> append(AuditRecord record) {
        byte[] json = RecordWriter.write(record);
        if (json.length > ChainWriter.MAX_RECORD) {
            return Future.failedFuture(new JournalFailure(
                    "the record has " + json.length + " bytes, allowed are " + ChainWriter.MAX_RECORD, null));
        }
        return committer.offer(record, json);
    }

    /** What the journal knew when it was opened. */
    public Recovered recovered() {
        return recovered;
    }

    public Path folder() {
        return folder;
    }

    /** The last acknowledged record. */
    public Head head() {
        return committer.head();
    }

    /** Bytes of acknowledged records behind a position; those of segments that are gone do not count. Reads the folder. */
    public long bytesSince(Position from) throws IOException {
        return Segments.bytesBetween(folder, from, head().end());
    }

    /** Its records, for whoever follows them. */
    public RecordFeed feed() {
        return new JournalFeed(folder, this::head);
    }

    /** Why the newest write failed; empty if it did not. Only another write can tell that it works again. */
    public Optional<String> trouble() {
        return committer.trouble();
    }

    /** Bytes that wait to be written. */
    public long waitingBytes() {
        return committer.waitingBytes();
    }

    /** The last acknowledged record of a journal that another process may be writing; empty where there is none. Blocks. */
    public static Optional<Head> headOf(Path journalFolder) throws IOException {
        return HeadFile.read(journalFolder);
    }

    /** Writes what waits, then closes. Blocks for up to 30 seconds. Appends fail from now on. */
    @Override
    public void close() throws IOException {
        committer.finish();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        try (lock) {
            writer.close();
        }
    }
}
