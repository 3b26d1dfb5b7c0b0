package dev.tollgate.audit;

import io.vertx.core.Future;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes the journal. Whatever waits when it comes round becomes one commit, so that the more is asked of it the less one
 * record costs; when busy it rests up to two milliseconds between commits, for the same reason. Bounded by the bytes that wait.
 */
final class Committer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final long IDLE_MILLIS = 200;
    /** From so many records in one commit on, waiting for more pays: a commit costs as much as writing dozens of records. */
    private static final int BUSY_BATCH = 3;

    private static final long REST_NANOS_PER_RECORD = 60_000;
    /** What making a signature takes, more or less. */
    private static final long SIGNING_NANOS = 500_000;

    private static final long MAX_REST_NANOS = 2_000_000;

    private final ChainWriter writer;
    private final Books books;
    private final long maxWaitingBytes;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final List<Waiting> batch = new ArrayList<>();
    /** Taken from the queue and not in the batch yet. */
    private @Nullable Waiting inHand;

    private volatile Head head;
    private volatile boolean closing;
    /** Whether nobody takes from the queue any more. */
    private volatile boolean ended;

    private volatile @Nullable Throwable broken;
    private volatile @Nullable String trouble;

    Committer(ChainWriter writer, Books books, Head head, long maxBytes) {
        this.writer = writer;
        this.books = books;
        this.head = head;
        this.maxWaitingBytes = maxBytes;
    }

    Head head() {
        return head;
    }

    /** Bytes that wait to be written. */
    long waitingBytes() {
        return waitingBytes.get();
    }

    /** Why the newest write failed; empty if it did not. */
    Optional<String> trouble() {
        Throwable dead = broken;
        return dead == null ? Optional.ofNullable(trouble) : Optional.of("the journal's thread died: " + dead);
    }

    Future<Void> offer(AuditRecord record, byte[] json) {
        if (closing || broken != null) {
            return Future.failedFuture(new JournalFailure("the journal is closed", broken));
        }
        if (waitingBytes.addAndGet(json.length) > maxWaitingBytes) {
            waitingBytes.addAndGet(-json.length);
            return Future.failedFuture(new JournalFailure(
                    "the journal cannot keep up: more than " + maxWaitingBytes + " bytes wait to be written", null));
        }
        Waiting waiting = new Waiting(record, json);
        queue.add(waiting);
        if (ended && queue.remove(waiting)) {
            complete(List.of(waiting), new JournalFailure("the journal is closed", broken));
        }
        return waiting.future();
    }

    /** Makes {@link #run} finish what waits and return. */
    void finish() {
        closing = true;
    }

    @Override
    public void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                // A checkpoint that was made between two commits does not wait for a record.
                Waiting first = writer.isEmpty() ? queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS) : queue.poll();
                if (first != null) {
                    inHand = first;
                    sealIfDue(first.record().at());
                    collect(first);
                } else {
                    sealIfDue(Instant.MIN);
                }
                if (!writer.isEmpty()) {
                    rest(commit());
                }
            }
            sealTheEnd();
            keepTally();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            giveUp(interrupted);
        } catch (RuntimeException | Error bug) {
            LOG.error("the journal's thread died; nothing is acknowledged any more", bug);
            giveUp(bug);
        } finally {
            ended = true;
            refuse(new JournalFailure("the journal is closed", broken));
        }
    }

    /** Rests after a commit of so many records. A signature takes most of a millisecond: it is made meanwhile, or while nobody waits. */
    private void rest(int written) {
        if (closing) {
            return;
        }
        long until = System.nanoTime()
                + (written < BUSY_BATCH ? 0 : Math.min(MAX_REST_NANOS, written * REST_NANOS_PER_RECORD));
        boolean isIdle = until - System.nanoTime() >= SIGNING_NANOS || queue.isEmpty();
        if (isIdle && trouble == null && books.sealer().isDueSoon()) {
            books.seal(writer, head, Instant.MIN);
        }
        long left = until - System.nanoTime();
        if (left > 0) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** Begins the commit with a checkpoint if one is due, now or before a record of this time. */
    private void sealIfDue(Instant next) {
        if (books.sealer().isDue() || books.sealer().isDueBefore(next)) {
            // A checkpoint is of what is committed: one that waits is so first.
            if (!writer.isEmpty()) {
                int unused = commit();
            }
            books.seal(writer, head, next);
        }
    }

    private void sealTheEnd() {
        if (!writer.isEmpty()) {
            int unused = commit();
        }
        books.sealTheEnd(writer, head);
        int last = commit();
        LOG.debug("the journal is sealed, and {} records more are in it", last);
    }

    private void collect(Waiting first) {
        // An empty buffer has room for the longest record.
        take(first);
        Waiting next = queue.peek();
        while (next != null
                && writer.fits(next.json().length)
                && !books.sealer().isDueBefore(next.record().at())) {
            take(queue.remove());
            next = queue.peek();
        }
    }

    private void take(Waiting waiting) {
        inHand = waiting;
        books.add(writer, waiting.record(), waiting.json());
        batch.add(waiting);
        inHand = null;
    }

    /** Commits what was added; yields how many records that were waited for. */
    private int commit() {
        commitBatch();
        int written = batch.size();
        batch.clear();
        return written;
    }

    private void commitBatch() {
        try {
            head = writer.commit();
        } catch (IOException failure) {
            books.rolledBack();
            sayFailing(failure);
            complete(batch, new JournalFailure("the journal cannot be written: " + failure.getMessage(), failure));
            return;
        }
        sayRecovered();
        complete(batch, null);
        for (Waiting written : batch) {
            books.tally().add(written.record());
        }
        books.committed();
        if (writer.rotateIfFull()) {
            keepBase();
            keepTally();
        }
    }

    private void keepBase() {
        try {
            books.keepBefore(writer.segment(), head);
        } catch (IOException failure) {
            LOG.warn(
                    "cannot keep what comes before segment {}, the journal will not be dropped up to there: {}",
                    writer.segment(),
                    failure.toString());
        }
    }

    private void keepTally() {
        try {
            books.keep(head);
        } catch (IOException failure) {
            LOG.warn("cannot keep the tally, the next start will read more: {}", failure.toString());
        }
    }

    private void sayFailing(IOException failure) {
        if (trouble == null) {
            LOG.error("the journal cannot be written; calls are refused until it can: {}", failure.toString());
        }
        trouble = "the journal cannot be written: " + failure.getMessage();
    }

    private void sayRecovered() {
        if (trouble != null) {
            LOG.info("the journal can be written again");
        }
        trouble = null;
    }

    // Fail closed: what nobody will write any more must not look as if it might still be acknowledged.
    private void giveUp(Throwable cause) {
        broken = cause;
        refuse(new JournalFailure("the journal's thread died", cause));
    }

    /** Tells all that wait. */
    private void refuse(JournalFailure failure) {
        List<Waiting> rest = new ArrayList<>(batch);
        batch.clear();
        if (inHand != null) {
            rest.add(inHand);
            inHand = null;
        }
        queue.drainTo(rest);
        complete(rest, failure);
    }

    private void complete(List<Waiting> done, @Nullable JournalFailure failure) {
        for (Waiting waiting : done) {
            waitingBytes.addAndGet(-waiting.json().length);
        }
        Waiting.complete(done, failure);
    }
}
