package dev.tollgate.detect;

import java.util.Locale;

/** How bad a true finding is, mildest first, so that {@code compareTo} ranks them. */
public enum Severity {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL;

    /** The word for it in rule packs, policies and records. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
