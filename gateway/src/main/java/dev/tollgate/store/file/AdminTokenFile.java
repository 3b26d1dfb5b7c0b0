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
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * The console's admin token as a file that only its owner can read, made at first start. Commands on the same machine read it to talk to the
 * admin API. Deleting the file and starting again makes a new one.
 */
public final class AdminTokenFile {
    /** Its name in the data folder. */
    public static final String NAME = "admin-token";
    /** Tokens put into the file by hand must be at least this long: nothing but their length protects them from guessing. */
    public static final int MIN_CHARACTERS = 32;

    private static final String PREFIX = "tga_";
    private static final int RANDOM_BYTES = 32;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private AdminTokenFile() {}

    /**
     * @param token the token itself
     * @param created whether it was made just now, and should be shown once
     */
    public record Opened(String token, boolean created) {
        @Override
        public String toString() {
            return "Opened[token redacted, created=" + created + "]";
        }
    }

    /**
     * Reads the token, or makes it where there is none.
     *
     * @throws IOException if the folder cannot be used, others can read the file, or what it holds is too short
     */
    public static Opened open(Path dataFolder, SecureRandom random) throws IOException {
        Path file = dataFolder.resolve(NAME);
        return Files.exists(file) ? new Opened(read(file), false) : new Opened(create(file, random), true);
    }

    /** Reads an existing token. */
    public static String read(Path file) throws IOException {
        refuseIfOthersCanRead(file);
        String token = Files.readString(file).strip();
        if (token.length() < MIN_CHARACTERS) {
            throw new IOException("the admin token in " + file + " has " + token.length() + " characters, at least "
                    + MIN_CHARACTERS + " are needed; delete the file to have a new one made");
        }
        return token;
    }

    private static String create(Path file, SecureRandom random) throws IOException {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, ownerOnly(file))) {
            ByteBuffer left = ByteBuffer.wrap((token + "\n").getBytes(StandardCharsets.US_ASCII));
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        return token;
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return isPosix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static void refuseIfOthersCanRead(Path file) throws IOException {
        if (!isPosix(file)) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        // Whoever can read this file can approve calls and make keys: a loosened mode may already have leaked it.
        if (!OWNER_ONLY.containsAll(permissions)) {
            throw new IOException("the admin token in " + file + " has mode "
                    + PosixFilePermissions.toString(permissions)
                    + ", only its owner may read it: delete the file to have a"
                    + " new one made, or chmod 600 it if nobody has read it");
        }
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
