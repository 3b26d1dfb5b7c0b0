package dev.tollgate.audit.payload;

import java.io.IOException;

/** The key of a payload is not in the key table: it was destroyed by an erasure, or by the end of the day's time, or the table is not the one that belongs to the payloads. */
final class KeyGoneException extends IOException {
    private static final long serialVersionUID = 1;

    KeyGoneException(int id) {
        super("the payload is encrypted with data key " + Integer.toHexString(id)
                + ", which is not in the key table: an erasure destroyed it, or the table is another one's");
    }
}
