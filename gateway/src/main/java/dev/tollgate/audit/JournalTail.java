package dev.tollgate.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a journal on a thread of its own and hands its acknowledged records to a sink, in order, each once: what a record's sink keeps and
 * how far it has come are one. A sink that fails is tried again; nothing is passed over.
 */
public final class JournalTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalTail.class);
    private static final int MAX_BATCH = 1000;
    /** After a pass over so many records the next ones are let gather: a transaction costs its sink more than its rows do. */
    private static final int BUSY_PASS = 200;

    private static final int BUSY_PACES = 4;
    private static final long MAX_BATCH_BYTES = 1024 * 1024;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Path folder;
    private final AcknowledgedHead acknowledged;
    private final Sink sink;
    private final Duration pace;
    private final @Nullable RecentRecords recent;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread thread;
    private boolean failing;
    /** Records of the newest pass. */
    private int handedOver;
    /** A head that damage keeps from being reached. */
    private Optional<Head> unreachable = Optional.empty();

    /**
     * @param folder the journal's own folder
     * @param acknowledged how far it may be read
     * @param pace how long it rests after each pass, and four times that after one with much to hand over: the longer, the larger the batches
     *     and the later the sink
     */
    public JournalTail(Path folder, AcknowledgedHead acknowledged, Sink sink, Duration pace) {
        this(folder, acknowledged, sink, pace, null);
    }

    /** @param recent the newest records in memory; null where there are none */
    JournalTail(Path folder, AcknowledgedHead acknowledged, Sink sink, Duration pace, @Nullable RecentRecords recent) {
        this.recent = recent;
        this.folder = folder;
        this.acknowledged = acknowledged;
        this.sink = sink;
        this.pace = pace;
    }

    /** Tells the last acknowledged record of the journal; empty where nobody knows. */
    @FunctionalInterface
    public interface AcknowledgedHead {
        Optional<Head> get() throws IOException;
    }

    /** Takes records. May block: it is called on the tail's thread. */
    public interface Sink {
        /** The last record it has; empty where it has none. */
        Optional<Head> upTo() throws Exception;

        /**
         * Takes records and remembers how far it has come, both or neither.
         *
         * @param batch records that follow each other, 1 to 1,000
         * @param after the last record it must have; empty for none
         * @return false if it has come elsewhere meanwhile, because another process feeds it too; then nothing was taken
         */
        boolean take(List<JournalEntry> batch, Optional<Head> after) throws Exception;

        /** Forgets everything: the journal is not the one it was fed from. */
        void restart() throws Exception;
    }

    /** Whoever a sink hands records on to has not taken them. The message says all there is to say. */
    public static final class NotTaken extends Exception {
        private static final long serialVersionUID = 1;

        public NotTaken(String message) {
            super(message, null, false, false);
        }
    }

    /** Starts to follow. */
    @CanIgnoreReturnValue
    public JournalTail start(String threadName) {
        thread = Thread.ofPlatform().name(threadName).daemon(true).start(this::follow);
        return this;
    }

    private void follow() {
        try {
            do {
                tryToCatchUp();
            } while (!closing.await(rest().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration rest() {
        return handedOver < BUSY_PASS ? pace : pace.multipliedBy(BUSY_PACES);
    }

    private void tryToCatchUp() throws InterruptedException {
        try {
            catchUp();
            sayRecovered();
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception failure) {
            sayFailing(failure);
        }
    }

    /**
     * Hands over everything that is acknowledged now. Blocks. May be called instead of following, or beside it.
     *
     * @throws Exception what the sink throws, or an I/O failure
     */
    public synchronized void catchUp() throws Exception {
        Optional<Head> target = acknowledged.get();
        boolean restarted = false;
        handedOver = 0;
        while (true) {
            Optional<Head> from = sink.upTo();
            if (target.isPresent() && (target.equals(from) || target.equals(unreachable))) {
                return;
            }
            switch (pass(from, target)) {
                case DONE -> {
                    unreachable = restarted && !sink.upTo().equals(target) ? target : Optional.empty();
                    return;
                }
                case MOVED -> LOG.debug("another process feeds the sink of {} too", folder);
                case FOREIGN -> {
                    if (restarted) {
                        throw new IOException("the journal in " + folder + " does not reach its head, " + target);
                    }
                    LOG.warn(
                            "the journal in {} is not the one that was read before; reading it from its start", folder);
                    sink.restart();
                    restarted = true;
                }
            }
        }
    }

    private enum Passed {
        DONE,
        MOVED,
        FOREIGN
    }

    private Passed pass(Optional<Head> from, Optional<Head> target) throws Exception {
        if (recent == null || from.isEmpty() || target.isEmpty()) {
            return passFiles(from, target);
        }
        Head at = from.get();
        while (at.end().compareTo(target.get().end()) < 0) {
            List<JournalEntry> next = recent.after(at, MAX_BATCH, MAX_BATCH_BYTES);
            if (next.isEmpty()) {
                return passFiles(Optional.of(at), target);
            }
            if (!sink.take(next, Optional.of(at))) {
                return Passed.MOVED;
            }
            handedOver += next.size();
            at = Head.of(next.getLast());
        }
        // A place behind the head is one in another journal: the files tell.
        return target.get().equals(at) || handedOver > 0 ? Passed.DONE : passFiles(from, target);
    }

    private Passed passFiles(Optional<Head> from, Optional<Head> target) throws Exception {
        Batch batch = new Batch(from);
        try (JournalReader reader =
                JournalReader.open(folder, from.map(Head::end).orElse(Position.START))) {
            boolean first = true;
            while (true) {
                switch (reader.next()) {
                    case JournalReader.Step.Intact(JournalEntry entry) -> {
                        if (first
                                && from.isPresent()
                                && !entry.previous().equals(from.get().hash())) {
                            return Passed.FOREIGN;
                        }
                        first = false;
                        if (target.isPresent()
                                && entry.position().compareTo(target.get().end()) >= 0) {
                            return batch.flush() ? Passed.DONE : Passed.MOVED;
                        }
                        if (!batch.add(entry)) {
                            return Passed.MOVED;
                        }
                        if (target.equals(Optional.of(Head.of(entry)))) {
                            return batch.flush() ? Passed.DONE : Passed.MOVED;
                        }
                    }
                    case JournalReader.Step.Damaged(Position at, String what) -> {
                        LOG.warn("passing over damage in {}: {}", at, what);
                        if (first && from.isPresent()) {
                            return Passed.FOREIGN;
                        }
                    }
                    case JournalReader.Step.Torn torn -> {
                        return ended(batch, first, from, target);
                    }
                    case JournalReader.Step.End end -> {
                        return ended(batch, first, from, target);
                    }
                }
            }
        }
    }

    /** The journal ends before its head: what could be read is handed over, unless not even the place to read on from was there. */
    private static Passed ended(Batch batch, boolean nothingRead, Optional<Head> from, Optional<Head> target)
            throws Exception {
        if (nothingRead && from.isPresent() && target.isPresent()) {
            return Passed.FOREIGN;
        }
        return batch.flush() ? Passed.DONE : Passed.MOVED;
    }

    private final class Batch {
        private final List<JournalEntry> entries = new ArrayList<>();
        private Optional<Head> after;
        private long bytes;

        Batch(Optional<Head> after) {
            this.after = after;
        }

        boolean add(JournalEntry entry) throws Exception {
            entries.add(entry);
            bytes += entry.length();
            return (entries.size() < MAX_BATCH && bytes < MAX_BATCH_BYTES) || flush();
        }

        boolean flush() throws Exception {
            if (entries.isEmpty()) {
                return true;
            }
            if (!sink.take(List.copyOf(entries), after)) {
                return false;
            }
            after = Optional.of(Head.of(entries.getLast()));
            handedOver += entries.size();
            entries.clear();
            bytes = 0;
            return true;
        }
    }

    private void sayFailing(Exception failure) {
        if (!failing && failure instanceof NotTaken) {
            LOG.warn("records of the journal are not taken; trying again until they are: {}", failure.getMessage());
        } else if (!failing) {
            LOG.error("records of the journal cannot be handed on; trying again until they can", failure);
        }
        failing = true;
    }

    private void sayRecovered() {
        if (failing) {
            LOG.info("records of the journal are handed on again");
        }
        failing = false;
    }

    /** Stops following after the pass that is under way. Blocks for up to 10 seconds. */
    @Override
    public void close() {
        closing.countDown();
        Thread following = thread;
        if (following == null) {
            return;
        }
        try {
            if (!following.join(CLOSE_TIMEOUT)) {
                LOG.warn("the tail of {} still works after {}", folder, CLOSE_TIMEOUT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
