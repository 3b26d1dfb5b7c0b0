package dev.tollgate.audit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tollgate.policy.AuditPolicy;
import dev.tollgate.policy.AuditPolicy.Durability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one chain. The segment is filled with zeros some way ahead: forcing bytes into a file that does not grow takes the disk half as long.
 * Adds records to a buffer, commits the buffer as a whole. A commit that fails leaves the chain where it was, and the next
 * one first cuts off what the failed one left in the file. Not safe for use by several threads at once.
 */
final class ChainWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChainWriter.class);
    private static final int BUFFER = 2 * (Frame.HEADER + Frame.MAX_JSON);
    /** Most bytes of a record's own members. */
    static final int MAX_RECORD = Frame.MAX_JSON - Envelope.MAX_LENGTH;

    /** How far ahead zeros are written. */
    private static final int AHEAD = 1024 * 1024;

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 * 1024).asReadOnlyBuffer();

    private final Path folder;
    private final Disk disk;
    private final boolean strict;
    private final long segmentLimit;
    private final HeadFile headFile;
    private final String chain;
    private final RecordHash hash = new RecordHash();
    private final byte[] bytes = new byte[BUFFER];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);

    private long segment;
    private @Nullable FileChannel channel;
    /** Bytes of the segment that are committed; what lies behind them is left over from a failed commit. */
    private long committed;
    /** How long the file is, zeros included. */
    private long allocated;

    private boolean dirty;
    private long sequence = -1;
    private String last;
    private long bufferedSequence = -1;
    private String bufferedLast;
    /** Where the record that was added last begins in the buffer, and the hash of the one before. */
    private int addedAt;

    private String addedBehind = "";

    /**
     * @param chain id of the new chain
     * @param previous hash that its first record links to
     * @param segment number of the segment to begin with, which holds no records yet
     */
    ChainWriter(Path folder, Disk disk, AuditPolicy policy, String chain, String previous, long segment)
            throws IOException {
        this.folder = folder;
        this.disk = disk;
        this.strict = policy.durability() != Durability.FAST;
        this.segmentLimit = policy.segment().bytes();
        this.chain = chain;
        this.last = previous;
        this.bufferedLast = previous;
        this.segment = segment;
        this.headFile = new HeadFile(HeadFile.in(folder));
        this.channel = begin(segment);
        this.committed = Frame.MAGIC.length;
        this.allocated = committed;
    }

    /** Whether a record of this length can be added before the next commit. */
    boolean fits(int recordLength) {
        return buffer.remaining() >= Frame.HEADER + Envelope.MAX_LENGTH + recordLength;
    }

    /** Adds a record as {@link RecordWriter} wrote it; it must fit. Yields its hash. */
    byte[] add(byte[] record) {
        int start = buffer.position();
        buffer.position(start + Frame.HEADER);
        bufferedSequence++;
        Envelope.put(buffer, chain, bufferedSequence, bufferedLast);
        // Without its opening brace: the envelope brought one.
        buffer.put(record, 1, record.length - 1);
        byte[] own = Frame.seal(bytes, start, buffer.position(), hash);
        addedAt = start;
        addedBehind = bufferedLast;
        bufferedLast = RecordHash.hex(own);
        return own;
    }

    /**
     * The record that was added last, as it will lie in the journal.
     *
     * @param json as it was added
     */
    JournalEntry added(AuditRecord record, byte[] json, byte[] own) {
        return new JournalEntry(
                new Position(segment, committed + addedAt),
                new Envelope(chain, bufferedSequence, addedBehind, RecordWriter.type(record)),
                own,
                json,
                record);
    }

    /** Whether anything was added since the last commit. */
    boolean isEmpty() {
        return buffer.position() == 0;
    }

    /** Writes what was added, forces it to the disk under {@code strict}, moves the head. All of it is in the journal then, or nothing. */
    Head commit() throws IOException {
        buffer.flip();
        int length = buffer.remaining();
        try {
            FileChannel file = cleanChannel();
            long at = committed;
            while (buffer.hasRemaining()) {
                at += file.write(buffer, at);
            }
            if (strict) {
                allocated = Math.max(allocated, at);
                fillAhead(file, at);
                file.force(false);
            }
            Head head = new Head(chain, bufferedSequence, bufferedLast, new Position(segment, committed + length));
            headFile.write(head);
            committed += length;
            sequence = bufferedSequence;
            last = bufferedLast;
            return head;
        } catch (IOException failure) {
            bufferedSequence = sequence;
            bufferedLast = last;
            dirty = true;
            cutOff(failure);
            throw failure;
        } finally {
            buffer.clear();
        }
    }

    /** Writes zeros behind the records once those have used up what was written before. */
    private void fillAhead(FileChannel file, long end) throws IOException {
        if (end < allocated) {
            return;
        }
        long wanted = Math.min(end + AHEAD, segmentLimit);
        try {
            while (allocated < wanted) {
                ByteBuffer zeros = ZEROS.duplicate().limit((int) Math.min(ZEROS.capacity(), wanted - allocated));
                allocated += file.write(zeros, allocated);
            }
        } catch (IOException noRoom) {
            // The records are what matters: they may still fit where zeros do not.
            LOG.debug("no zeros ahead in segment {}: {}", segment, noRoom.toString());
            file.truncate(end);
            allocated = end;
        }
    }

    /** Takes the zeros behind the records away. A segment that keeps them reads the same. */
    private void cutZeros() throws IOException {
        if (channel != null && channel.isOpen() && allocated > committed) {
            channel.truncate(committed);
            allocated = committed;
        }
    }

    /** Begins the next segment if this one has reached its size; where that fails, this one goes on. Yields whether it did begin one. */
    boolean rotateIfFull() {
        if (committed < segmentLimit) {
            return false;
        }
        try {
            FileChannel next = begin(segment + 1);
            cutZeros();
            closeChannel();
            channel = next;
            segment++;
            committed = Frame.MAGIC.length;
            allocated = committed;
            return true;
        } catch (IOException failure) {
            LOG.warn("cannot begin segment {}, going on with {}: {}", segment + 1, segment, failure.toString());
            return false;
        }
    }

    /** Number of the segment that is written. */
    long segment() {
        return segment;
    }

    private FileChannel begin(long number) throws IOException {
        FileChannel file = disk.open(Segments.file(folder, number));
        try {
            file.truncate(0);
            ByteBuffer magic = ByteBuffer.wrap(Frame.MAGIC);
            while (magic.hasRemaining()) {
                file.write(magic, magic.position());
            }
            if (strict) {
                file.force(true);
                Segments.forceFolder(folder);
            }
            return file;
        } catch (IOException failure) {
            file.close();
            // A later segment would mean to readers that this one is complete.
            Files.deleteIfExists(Segments.file(folder, number));
            throw failure;
        }
    }

    /** Tries to remove what a failed commit left in the file; where that fails too, the next commit tries again. */
    private void cutOff(IOException failure) {
        try {
            cleanChannel();
        } catch (IOException later) {
            failure.addSuppressed(later);
        }
    }

    /** The segment's channel, with nothing behind the committed bytes. */
    @CanIgnoreReturnValue
    private FileChannel cleanChannel() throws IOException {
        FileChannel file = channel;
        if (file == null || !file.isOpen()) {
            file = disk.open(Segments.file(folder, segment));
            channel = file;
        }
        if (dirty) {
            file.truncate(committed);
            file.force(true);
            allocated = committed;
            dirty = false;
        }
        return file;
    }

    private void closeChannel() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    /** Cuts off what a failed commit left, if it can, and closes the files. */
    @Override
    public void close() throws IOException {
        try (headFile) {
            cleanChannel();
            cutZeros();
            closeChannel();
        }
    }
}
