package dev.tollgate.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The list of prices that lies in a bundle's folder {@code catalog}. Reads files, so not for event loops. */
public final class PriceListFile {
    /** Largest list, in bytes. */
    public static final int MAX_BYTES = 32 << 20;

    private static final String NAME = "catalog/prices.yaml";

    private PriceListFile() {}

    /** Where a bundle's list stands, whether there is one or not. */
    public static Path in(Path bundle) {
        return bundle.resolve(NAME);
    }

    /**
     * @param bundle the bundle's folder; null for the default bundle, which has none
     * @return the text; null where there is no list, and the built-in one counts
     * @throws PolicyException if it cannot be read, or is too large
     */
    public static @Nullable String of(@Nullable Path bundle) throws PolicyException {
        Path file = bundle == null ? null : in(bundle);
        if (file == null || !Files.exists(file)) {
            return null;
        }
        try {
            long bytes = Files.size(file);
            if (bytes > MAX_BYTES) {
                throw new PolicyException(file + " has " + bytes + " bytes, allowed are " + MAX_BYTES);
            }
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new PolicyException("the prices in " + file + " cannot be read: " + unreadable, unreadable);
        }
    }
}
