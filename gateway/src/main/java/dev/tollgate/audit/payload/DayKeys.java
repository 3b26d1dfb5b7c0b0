package dev.tollgate.audit.payload;

import java.io.IOException;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/** The keys of what one team keeps on one day. For one thread. */
interface DayKeys {
    /**
     * The key that encrypts now.
     *
     * @param id by which what it encrypts names it
     * @param isOwn whether it is a random key of the team's day; else it is derived from the operator's
     */
    record Current(int id, boolean isOwn, SecretKeySpec key) {
        @Override
        public String toString() {
            return "Current[" + Integer.toHexString(id) + ", redacted]";
        }
    }

    /** Empty where nothing is encrypted. */
    Optional<Current> current() throws IOException;

    /** @throws IOException if the key is not known here */
    SecretKeySpec find(int id, boolean isOwn) throws IOException;

    /** Keys that follow from the operator's: what they encrypt can be read as long as that one is known. */
    static DayKeys derived(PayloadKeys keys, String team, String day) {
        return new DayKeys() {
            @Override
            public Optional<Current> current() {
                return keys.current()
                        .flatMap(root -> keys.cipherKey(root, team, day).map(key -> new Current(root, false, key)));
            }

            @Override
            public SecretKeySpec find(int id, boolean isOwn) throws IOException {
                if (isOwn) {
                    throw new KeyGoneException(id);
                }
                return keys.cipherKey(id, team, day)
                        .orElseThrow(() -> new IOException("the payload is encrypted with key "
                                + Integer.toHexString(id) + ", which payloads.key does not name"));
            }
        };
    }
}
