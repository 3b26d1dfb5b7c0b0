package dev.tollgate.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tollgate.audit.seal.SigningKey;
import dev.tollgate.audit.seal.VerifierKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The key that signs the log, in the file {@value #NAME} of the data folder, which only its owner may read; made with the journal. A key that is to follow
 * it waits in {@value #NEXT} until the gateway has it on the log.
 *
 * <pre>
 *   audit-key ──key rotate──▶ audit-key + audit-key.next ──on the log──▶ audit-key (the new one)
 * </pre>
 */
public final class AuditKeys {
    /** Its name in the data folder. */
    public static final String NAME = "audit-key";
    /** Name of the file with the key that is to follow. */
    public static final String NEXT = "audit-key.next";

    private static final String LOST = "the key before it is lost\n";
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path dataFolder;
    private SigningKey current;

    private AuditKeys(Path dataFolder, SigningKey current) {
        this.dataFolder = dataFolder;
        this.current = current;
    }

    /**
     * A key that is to follow.
     *
     * @param isEndorsed whether the key before it is there to sign for it
     */
    record Next(SigningKey key, boolean isEndorsed) {}

    /** The name of the log that a node keeps, and of its keys. */
    public static String origin(String node) {
        return "tollgate.dev/" + node;
    }

    /**
     * Opens the key of a journal, and makes it for a journal that names none.
     *
     * @param named the key that the journal names last; empty where it names none
     * @throws IOException if the journal names a key that is not there: a new one made in silence would be an attacker's best friend
     */
    static AuditKeys open(Path dataFolder, String origin, String named) throws IOException {
        Path file = dataFolder.resolve(NAME);
        if (named.isEmpty() && !Files.exists(file)) {
            SigningKey made = SigningKey.generate(origin);
            write(dataFolder, NAME, made.toFile());
            return new AuditKeys(dataFolder, made);
        }
        Optional<Next> next = next(dataFolder);
        boolean isTaken =
                next.isPresent() && next.get().key().verifier().toString().equals(named);
        if (isTaken) {
            // It is on the log, but the process ended before the file was moved.
            moveNext(dataFolder);
        } else if (!Files.exists(file) && next.isPresent() && !next.get().isEndorsed()) {
            return new AuditKeys(dataFolder, next.get().key());
        }
        SigningKey key = read(file, named);
        String name = key.verifier().name();
        if (!name.equals(origin)
                || !(named.isEmpty() || key.verifier().toString().equals(named))) {
            throw new IOException("the key in " + file + " is " + key.verifier() + ", but the journal was signed by "
                    + (named.isEmpty() ? origin : named) + "; " + wayOut());
        }
        return new AuditKeys(dataFolder, key);
    }

    /**
     * Refuses a key without its journal: whoever takes the journal away must not get a new one begun in silence.
     *
     * @throws IOException if there is a key
     */
    static void refuseWithoutJournal(Path dataFolder) throws IOException {
        Path file = dataFolder.resolve(NAME);
        if (Files.exists(file)) {
            throw new IOException(
                    "the key in " + file + " belongs to a journal that is not there; put the journal back, or begin"
                            + " a new one by moving that file away");
        }
    }

    /** The public key of a data folder. */
    public static VerifierKey shown(Path dataFolder) throws IOException {
        return read(dataFolder.resolve(NAME), "").verifier();
    }

    /**
     * Makes a key that is to follow the current one; a gateway takes it up at its next checkpoint.
     *
     * @param isLost whether the current key is gone, so that it cannot sign for the new one
     * @param node whose log it is
     * @throws IOException if one waits already, or the current one is not there though it should be, or is though it should not
     */
    public static VerifierKey prepareNext(Path dataFolder, String node, boolean isLost) throws IOException {
        Path file = dataFolder.resolve(NAME);
        if (isLost == Files.exists(file)) {
            throw new IOException(
                    isLost ? "there is a key in " + file + "; move it away if it is not to be used" : missing(file));
        }
        Path next = dataFolder.resolve(NEXT);
        if (Files.exists(next)) {
            throw new IOException("a new key waits already in " + next + "; the gateway takes it up within 10 seconds");
        }
        SigningKey made = SigningKey.generate(origin(node));
        write(dataFolder, NEXT, (isLost ? LOST : "") + made.toFile());
        return made.verifier();
    }

    SigningKey current() {
        return current;
    }

    /** The key that waits to follow; empty where none does. */
    Optional<Next> next() throws IOException {
        return next(dataFolder);
    }

    private static Optional<Next> next(Path dataFolder) throws IOException {
        Path file = dataFolder.resolve(NEXT);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        boolean isEndorsed = !Files.readString(file, US_ASCII).startsWith(LOST);
        return Optional.of(new Next(read(file, ""), isEndorsed));
    }

    /** Goes on with the key that waited, once the log says so. */
    void follow(SigningKey key) throws IOException {
        current = key;
        moveNext(dataFolder);
    }

    private static void moveNext(Path dataFolder) throws IOException {
        Files.move(
                dataFolder.resolve(NEXT),
                dataFolder.resolve(NAME),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        Segments.forceFolder(dataFolder);
    }

    private static SigningKey read(Path file, String named) throws IOException {
        if (!Files.exists(file)) {
            throw new IOException(missing(file) + (named.isEmpty() ? "" : " (the journal names " + named + ")"));
        }
        refuseIfOthersCanRead(file);
        try {
            return SigningKey.parse(Files.readString(file, US_ASCII));
        } catch (IllegalArgumentException | IOException broken) {
            throw new IOException(
                    "the key in " + file + " cannot be read: " + broken.getMessage() + "; " + wayOut(), broken);
        }
    }

    private static String missing(Path file) {
        return "the key that signs the audit log is missing from " + file + "; " + wayOut();
    }

    private static String wayOut() {
        return "put it back from your copy, or move it away and run `tollgate audit key rotate --lost` to go on with a new one that"
                + " it did not sign for";
    }

    private static void write(Path dataFolder, String name, String text) throws IOException {
        Path fresh = dataFolder.resolve(name + ".new");
        Files.deleteIfExists(fresh);
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(fresh, options, ownerOnly(fresh))) {
            ByteBuffer left = ByteBuffer.wrap(text.getBytes(US_ASCII));
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(fresh, dataFolder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        Segments.forceFolder(dataFolder);
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return isPosix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static void refuseIfOthersCanRead(Path file) throws IOException {
        // Whoever can read it can sign another log: a loosened mode may already have leaked it.
        if (isPosix(file) && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            throw new IOException(
                    "the key in " + file + " has mode "
                            + PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                            + ", only its owner may read it: chmod 600 it if nobody has read it, and rotate it if somebody may have");
        }
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
