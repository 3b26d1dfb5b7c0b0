package dev.tollgate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/** The gateway's own folder: readable by its owner only, made at the first start. */
final class DataFolder {
    private static final String ADMIN_TOKEN = "admin-token";
    private static final int TOKEN_BYTES = 32;

    private final Path path;
    private final boolean isNew;

    private DataFolder(Path path, boolean isNew) {
        this.path = path;
        this.isNew = isNew;
    }

    static DataFolder open(Path path) throws IOException {
        boolean isNew = !Files.exists(path);
        if (isNew) {
            Files.createDirectories(path, permissions("rwx------"));
        } else if (!Files.isDirectory(path) || !Files.isWritable(path)) {
            throw new IOException("server.data_folder " + path + " is not a folder that can be written");
        }
        return new DataFolder(path, isNew);
    }

    Path path() {
        return path;
    }

    /** Whether this start made it. */
    boolean isNew() {
        return isNew;
    }

    /** The token that opens the console; made when there is none. */
    String adminToken(SecureRandom random) throws IOException {
        Path file = path.resolve(ADMIN_TOKEN);
        if (Files.exists(file)) {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        }
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = "tga_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Set<StandardOpenOption> newOnly = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, newOnly, permissions("rw-------"))) {
            channel.write(StandardCharsets.UTF_8.encode(token + "\n"));
        }
        return token;
    }

    Path adminTokenFile() {
        return path.resolve(ADMIN_TOKEN);
    }

    private static FileAttribute<?>[] permissions(String written) {
        boolean isPosix =
                Path.of("").getFileSystem().supportedFileAttributeViews().contains("posix");
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString(written);
        return isPosix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(owner)} : new FileAttribute<?>[0];
    }
}
