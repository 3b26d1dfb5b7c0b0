package dev.tollgate.audit;

import java.time.Instant;

/** What an exchange counts under in {@link AuditIndex#spend}, where it is not a member of its records. */
public final class SpendKeys {
    private static final int DAY_LENGTH = "2026-11-21".length();
    private static final int HOUR_LENGTH = "2026-11-21T14".length();

    private SpendKeys() {}

    /** The provider of a target {@code provider/model} or {@code provider}; empty where none served. */
    public static String provider(String target) {
        int slash = target.indexOf('/');
        return slash < 0 ? target : target.substring(0, slash);
    }

    /** The day in UTC: {@code 2026-11-21}. */
    public static String day(Instant at) {
        return at.toString().substring(0, DAY_LENGTH);
    }

    /** The hour in UTC: {@code 2026-11-21T14}. */
    public static String hour(Instant at) {
        return at.toString().substring(0, HOUR_LENGTH);
    }
}
