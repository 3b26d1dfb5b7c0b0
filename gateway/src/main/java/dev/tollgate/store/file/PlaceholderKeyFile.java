package dev.tollgate.store.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The key that placeholders are named by, as a file that only its owner can read, made at the first start. Deleting the file and starting
 * again makes a new one: from then on the same values have other placeholders.
 */
public final class PlaceholderKeyFile {
    /** Its name in the data folder. */
    public static final String NAME = "placeholder-key";

    private static final int KEY_BYTES = 32;

    private PlaceholderKeyFile() {}

    /**
     * Reads the key, or makes it where there is none.
     *
     * @throws IOException if the folder cannot be used, others can read the file, or it holds no key
     */
    public static byte[] open(Path dataFolder, SecureRandom random) throws IOException {
        Path file = dataFolder.resolve(NAME);
        if (!Files.exists(file)) {
            byte[] bytes = new byte[KEY_BYTES];
            random.nextBytes(bytes);
            OwnerFile.create(file, Base64.getEncoder().encodeToString(bytes));
            return bytes;
        }
        try {
            byte[] key = Base64.getDecoder().decode(OwnerFile.read(file, "the key of placeholders"));
            if (key.length == KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException malformed) {
            // Told below, without what was written: it may be a part of the key.
        }
        throw new IOException("the key of placeholders in " + file + " is not " + KEY_BYTES
                + " bytes in base64; delete the file to have a new one made");
    }
}
