package dev.tollgate.store.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Appends one line per event to a file and forces it to the disk. Opens it anew for each batch, so that it can be moved away at any time. */
final class FileCollector implements Collector {
    private final Path file;

    FileCollector(Path file) {
        this.file = file;
    }

    @Override
    public void take(List<String> events) throws IOException {
        ByteBuffer lines = ByteBuffer.wrap((String.join("\n", events) + "\n").getBytes(UTF_8));
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            while (lines.hasRemaining()) {
                int written = channel.write(lines);
                if (written == 0) {
                    throw new IOException("nothing more can be written to " + file);
                }
            }
            channel.force(false);
        }
    }

    @Override
    public void close() {
        // Nothing is open between batches.
    }
}
