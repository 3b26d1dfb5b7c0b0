package dev.tollgate.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

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
        // Whoever can read this file can approve calls and make keys.
        String token = OwnerFile.read(file, "the admin token");
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
        OwnerFile.create(file, token);
        return token;
    }
}
