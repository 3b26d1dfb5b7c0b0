package dev.tollgate.store.sqlite;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A counter in a memory-mapped file that all processes of this machine share: one counts up, the others see it at their next look, without
 * a system call. It carries no data and need not survive anything.
 */
final class SharedRevision {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final MappedByteBuffer memory;

    private SharedRevision(MappedByteBuffer memory) {
        this.memory = memory;
    }

    /** Maps the file, making it readable by its owner only if there is none. Blocks. */
    static SharedRevision open(Path file) throws IOException {
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        try (FileChannel channel =
                file.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? FileChannel.open(
                                file,
                                options,
                                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                        : FileChannel.open(file, options)) {
            return new SharedRevision(channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES));
        }
    }

    long get() {
        return (long) LONG.getVolatile(memory, 0);
    }

    void next() {
        long unused = (long) LONG.getAndAdd(memory, 0, 1L);
    }
}
