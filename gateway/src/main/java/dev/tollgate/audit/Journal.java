package dev.tollgate.audit;

import dev.tollgate.audit.seal.Checkpoint;
import dev.tollgate.policy.AuditPolicy;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

    private final JournalLock lock;
    private final JournalStart.Begun begun;
    private final Committer committer;
    private final Thread thread;

    private Journal(JournalLock lock, JournalStart.Begun begun, Committer committer) {
        this.lock = lock;
        this.begun = begun;
        this.committer = committer;
        this.thread = Thread.ofPlatform().name("tollgate-journal").daemon(true).start(committer);
    }

    /**
     * Opens the journal of a data folder, makes it if there is none, repairs a torn tail, ends calls that were left open, begins a new
     * chain, and seals all of it with a checkpoint. Blocks: reads what came since the last segment was begun.
     *
     * @param clock tells the moments of the records that the journal itself makes
     * @param stillCounts whether a counter of money is worth handing over, by its key; the others are forgotten
     * @throws IOException if another process writes it, it cannot be read or written, or the key that it names is not there
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
            Recovery.Found found = Recovery.run(folder, clock.instant());
            found.tally().forgetCounters(stillCounts);
            JournalStart start = new JournalStart(dataFolder, found, clock, stillCounts);
            JournalStart.Begun begun = start.begin(disk, policy);
            LOG.info(
                    "journal {} opened, chain {}, {} calls were left open",
                    folder,
                    begun.head().chain(),
                    begun.recovered().orphans().size());
            Committer committer = new Committer(
                    begun.writer(),
                    begun.books(),
                    begun.head(),
                    policy.backlog().bytes());
            return new Journal(lock, begun, committer);
        } catch (IOException | RuntimeException failure) {
            lock.close();
            throw failure;
        }
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
        return begun.recovered();
    }

    public Path folder() {
        return begun.books().folder();
    }

    /** Lets checkpoints name what is known of other logs. The supplier must not wait: it is asked on the journal's thread. */
    public void see(Supplier<List<Checkpoint.Seen>> otherLogs) {
        begun.books().sealer().see(otherLogs);
    }

    /** Hands on each checkpoint as a signed note, beginning with the newest. The anchor must not wait: it is told on the journal's thread. */
    public void anchor(Consumer<String> anchor) {
        begun.books().sealer().anchor(anchor);
    }

    /** The last acknowledged record. */
    public Head head() {
        return committer.head();
    }

    /** Checkpoints that were committed since it was opened: at least one. */
    long checkpoints() {
        return begun.books().sealer().made();
    }

    /** Bytes of acknowledged records behind a position; those of segments that are gone do not count. Reads the folder. */
    public long bytesSince(Position from) throws IOException {
        return Segments.bytesBetween(folder(), from, head().end());
    }

    /**
     * A tail that hands its records to a sink out of memory as long as that is close behind. For one sink, the one that must follow closest.
     *
     * @param pace how long it rests after each pass, see {@link JournalTail}
     */
    public JournalTail tail(JournalTail.Sink sink, Duration pace) {
        begun.books().recent().want();
        return new JournalTail(
                folder(), () -> Optional.of(head()), sink, pace, begun.books().recent());
    }

    /** Its records, for whoever follows them. */
    public RecordFeed feed() {
        return new JournalFeed(folder(), this::head);
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

    /** Writes what waits and the checkpoint that ends the chain. Blocks for up to 30 seconds. Appends fail from now on; what is there can be read. */
    void end() {
        committer.finish();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it, if that is not done, and closes. Blocks for up to 30 seconds. */
    @Override
    public void close() throws IOException {
        end();
        try (lock) {
            begun.writer().close();
        }
    }
}
