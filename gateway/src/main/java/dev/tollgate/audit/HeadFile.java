package dev.tollgate.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The file {@code head} of a journal folder: one line that names the last acknowledged record. It is overwritten in place after each commit,
 * before the commit is acknowledged, and never forced to the disk: after the process dies it is exact, after a power loss it may be behind.
 * So a journal that ends before its head has lost acknowledged records; other processes read up to the head and no further.
 */
final class HeadFile implements AutoCloseable {
    private static final String NAME = "head";
    private static final int LENGTH = 512;
    private static final int FIELDS = 6;
    private static final int ATTEMPTS = 5;

    private final FileChannel channel;
    private final ByteBuffer line = ByteBuffer.allocate(LENGTH);

    /** @param file usually {@link #in} a journal's folder */
    HeadFile(Path file) throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    static Path in(Path folder) {
        return folder.resolve(NAME);
    }

    void write(Head head) throws IOException {
        byte[] fields = (head.chain() + " " + head.sequence() + " " + head.hash() + " "
                        + head.end().segment() + " " + head.end().offset() + " ")
                .getBytes(US_ASCII);
        line.clear();
        line.put(fields).put(Long.toHexString(crc(fields, fields.length)).getBytes(US_ASCII));
        Arrays.fill(line.array(), line.position(), LENGTH - 1, (byte) ' ');
        line.array()[LENGTH - 1] = '\n';
        line.position(0).limit(LENGTH);
        while (line.hasRemaining()) {
            channel.write(line, line.position());
        }
    }

    /** The head of a journal; empty where the file is missing or unreadable. May be called beside a running gateway. */
    static Optional<Head> read(Path folder) throws IOException {
        return readFile(in(folder));
    }

    /** What {@link #write} wrote to a file last; empty where it is missing or unreadable. */
    static Optional<Head> readFile(Path file) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Head> head;
            try {
                head = parse(Files.readAllBytes(file));
            } catch (NoSuchFileException none) {
                return Optional.empty();
            }
            if (head.isPresent()) {
                return head;
            }
            // Perhaps read while it was being written.
            Thread.onSpinWait();
        }
        return Optional.empty();
    }

    private static Optional<Head> parse(byte[] bytes) {
        String text = new String(bytes, US_ASCII).trim();
        String[] fields = text.split(" ", -1);
        if (fields.length != FIELDS) {
            return Optional.empty();
        }
        int covered = text.length() - fields[FIELDS - 1].length();
        if (!Long.toHexString(crc(bytes, covered)).equals(fields[FIELDS - 1])) {
            return Optional.empty();
        }
        Position end = new Position(Long.parseLong(fields[3]), Long.parseLong(fields[4]));
        return Optional.of(new Head(fields[0], Long.parseLong(fields[1]), fields[2], end));
    }

    private static long crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
