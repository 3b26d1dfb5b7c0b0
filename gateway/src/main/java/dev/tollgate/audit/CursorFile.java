package dev.tollgate.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file that keeps how far somebody has read a journal. Survives the end of the process; after a power loss it may be behind. */
public final class CursorFile implements AutoCloseable {
    private final Path file;
    private Optional<Head> upTo;
    private HeadFile writing;

    private CursorFile(Path file, Optional<Head> upTo) throws IOException {
        this.file = file;
        this.upTo = upTo;
        this.writing = new HeadFile(file);
    }

    /** Opens the file, and makes it and its folder if they are not there. One that cannot be read counts as empty. */
    public static CursorFile open(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return new CursorFile(file, HeadFile.readFile(file));
    }

    /** The last record that was read; empty for none. */
    public Optional<Head> upTo() {
        return upTo;
    }

    public void moveTo(Head read) throws IOException {
        writing.write(read);
        upTo = Optional.of(read);
    }

    /** Begins anew with the first record. */
    public void forget() throws IOException {
        writing.close();
        Files.deleteIfExists(file);
        writing = new HeadFile(file);
        upTo = Optional.empty();
    }

    @Override
    public void close() throws IOException {
        writing.close();
    }
}
