package dev.tollgate;

import dev.tollgate.audit.payload.PayloadKeys;
import dev.tollgate.detect.Placeholders;
import dev.tollgate.store.file.AdminTokenFile;
import dev.tollgate.store.file.PlaceholderKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The gateway's own folder: readable by its owner only, made at the first start. */
final class DataFolder {
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
        return AdminTokenFile.open(path, random).token();
    }

    /**
     * Names for what is redacted.
     *
     * @param payloadKey the operator's own secret, which all nodes share; null where there is none, and this folder has a key of its own
     */
    Placeholders placeholders(@Nullable String payloadKey, SecureRandom random) throws IOException {
        Optional<byte[]> shared = PayloadKeys.parse(payloadKey).secret("placeholders");
        return new Placeholders(shared.isPresent() ? shared.get() : PlaceholderKeyFile.open(path, random));
    }

    Path adminTokenFile() {
        return path.resolve(AdminTokenFile.NAME);
    }

    private static FileAttribute<?>[] permissions(String written) {
        boolean isPosix =
                Path.of("").getFileSystem().supportedFileAttributeViews().contains("posix");
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString(written);
        return isPosix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(owner)} : new FileAttribute<?>[0];
    }
}
