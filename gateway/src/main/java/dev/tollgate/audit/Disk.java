package dev.tollgate.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens the files that the journal writes. */
@FunctionalInterface
interface Disk {
    Disk REAL = file -> FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);

    /** Opens a segment file for writing, making it if there is none. */
    FileChannel open(Path file) throws IOException;
}
