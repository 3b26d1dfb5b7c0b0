package dev.tollgate.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops segments of a journal whose last record is older than the policy keeps records, the oldest first. What is dropped is said in the log that is
 * left, one {@link Tombstone} per segment, before anything is deleted; so a process that ends in the middle leaves a log that begins at one of them, and
 * the next one goes on.
 *
 * <pre>
 *   old ──▶ announced: a record says so ──▶ a checkpoint covers it, every follower has it ──▶ deleted
 * </pre>
 *
 * <p>Nothing is announced or deleted that a follower has not taken.
 */
public final class JournalRetention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRetention.class);
    /** Until the first look: those who follow come up first. */
    private static final Duration FIRST = Duration.ofSeconds(1);

    private static final Duration PACE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Journal journal;
    private final Path folder;
    private final Duration keep;
    private final InstantSource clock;
    private final List<Follower> followers;
    private final Before before;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread thread;
    /** The last segment that the log says is dropped. */
    private long announced;
    /** Checkpoints there were when the log said so; one more covers it. */
    private long checkpointsThen;
    /** Where the record that says so ended. */
    private Position announcedAt;

    private volatile String trouble = "";

    /** Somebody who reads the journal and must not miss a record. */
    @FunctionalInterface
    public interface Follower {
        /** The last record that it has; empty for none. May block. */
        Optional<Head> upTo() throws Exception;
    }

    /** Somebody who points into segments. */
    @FunctionalInterface
    public interface Before {
        /** Called before segments are deleted, up to this one. May block, and may be called again for the same. */
        void drop(long segment) throws Exception;
    }

    /**
     * @param keep how long records are kept
     * @param followers whoever reads the journal
     */
    public JournalRetention(
            Journal journal, Duration keep, InstantSource clock, List<Follower> followers, Before before) {
        this.journal = journal;
        this.folder = journal.folder();
        this.keep = keep;
        this.clock = clock;
        this.followers = List.copyOf(followers);
        this.before = before;
        this.announced = journal.recovered().dropped();
        this.announcedAt = journal.head().end();
    }

    /** Looks twice a minute, on a thread of its own. */
    @CanIgnoreReturnValue
    public JournalRetention start() {
        thread = Thread.ofPlatform().name("tollgate-retention").daemon(true).start(this::run);
        return this;
    }

    /** Why the newest look failed; empty if it did not. */
    public String trouble() {
        return trouble;
    }

    private void run() {
        try {
            Duration rest = FIRST;
            while (!closing.await(rest.toMillis(), TimeUnit.MILLISECONDS)) {
                tryToLook();
                rest = PACE;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void tryToLook() throws InterruptedException {
        try {
            look();
            trouble = "";
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception failure) { // whatever it is: health tells it, and the next look tries again
            trouble = "old segments cannot be dropped: " + failure.getMessage();
            LOG.warn("old segments of the journal cannot be dropped; trying again: {}", failure.toString());
        }
    }

    /** Deletes what was announced before, if that is covered by now, and announces what is old by now. Blocks. */
    synchronized void look() throws Exception {
        Position taken = takenByAll();
        List<Long> segments = Segments.list(folder);
        boolean isLeft = segments.getFirst() <= announced;
        if (isLeft && journal.checkpoints() > checkpointsThen && taken.compareTo(announcedAt) >= 0) {
            delete(segments);
        }
        announce(taken);
    }

    private Position takenByAll() throws Exception {
        Position taken = journal.head().end();
        for (Follower follower : followers) {
            Position own = follower.upTo().map(Head::end).orElse(Position.START);
            taken = own.compareTo(taken) < 0 ? own : taken;
        }
        return taken;
    }

    private void announce(Position taken) throws Exception {
        Instant now = clock.instant();
        Instant oldest = now.minus(keep);
        List<Long> segments = Segments.list(folder);
        long first = firstIndex(segments.getFirst());
        for (int i = 1; i < segments.size() && segments.get(i).compareTo(taken.segment()) <= 0; i++) {
            Optional<TallyFile.Kept> end = TallyFile.read(Segments.base(folder, segments.get(i)));
            if (end.isEmpty()) {
                // Not a place where the journal could begin; the next one may be.
                continue;
            }
            if (!isOlder(end.get().seals(), oldest)) {
                break;
            }
            long dropped = segments.get(i) - 1;
            if (dropped > announced) {
                record(Tombstone.record(now, Segments.fileName(dropped), first, end.get(), keep));
                announced = dropped;
            }
            first = end.get().seals().tree().size();
        }
    }

    private void record(AuditRecord tombstone) throws Exception {
        Object unused = journal.append(tombstone).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        checkpointsThen = journal.checkpoints();
        announcedAt = journal.head().end();
    }

    private long firstIndex(long oldest) throws IOException {
        return TallyFile.read(Segments.base(folder, oldest))
                .map(base -> base.seals().tree().size())
                .orElse(0L);
    }

    /** No record is more than that behind the last checkpoint before its segment ended. */
    private static boolean isOlder(Seals end, Instant oldest) {
        return !end.at().equals(Instant.MIN) && end.at().plus(Sealer.EVERY).isBefore(oldest);
    }

    private void delete(List<Long> segments) throws Exception {
        before.drop(announced);
        // Under fast nothing was forced so far: a loss of power must not take what says that the rest is gone.
        for (long number : segments) {
            if (number > announced) {
                force(Segments.file(folder, number));
            }
        }
        force(Segments.base(folder, announced + 1));
        for (long number : segments) {
            if (number <= announced) {
                Files.deleteIfExists(Segments.file(folder, number));
                Files.deleteIfExists(Segments.base(folder, number));
                LOG.info("{} is dropped: its records are older than audit.keep", Segments.fileName(number));
            }
        }
        Segments.forceFolder(folder);
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        Thread looking = thread;
        if (looking == null) {
            return;
        }
        try {
            if (!looking.join(CLOSE_TIMEOUT)) {
                LOG.warn("old segments are still being dropped after {}", CLOSE_TIMEOUT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
