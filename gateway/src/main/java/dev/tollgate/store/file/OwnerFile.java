package dev.tollgate.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** A small file with a secret that only its owner can read. */
final class OwnerFile {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private OwnerFile() {}

    /** Writes a file that is not there yet, and returns when it is on the disk. */
    static void create(Path file, String text) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, ownerOnly(file))) {
            ByteBuffer left = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.US_ASCII));
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    /**
     * What it holds, without blanks around it.
     *
     * @param what is in it, for messages: {@code "the admin token"}
     * @throws IOException if others can read it, or it cannot be read
     */
    static String read(Path file, String what) throws IOException {
        if (isPosix(file)) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            // A loosened mode may already have leaked it.
            if (!OWNER_ONLY.containsAll(permissions)) {
                throw new IOException(what + " in " + file + " has mode "
                        + PosixFilePermissions.toString(permissions)
                        + ", only its owner may read it: delete the file to have a"
                        + " new one made, or chmod 600 it if nobody has read it");
            }
        }
        return Files.readString(file).strip();
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return isPosix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
