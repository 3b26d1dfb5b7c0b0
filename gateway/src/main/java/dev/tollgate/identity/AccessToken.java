package dev.tollgate.identity;

import dev.tollgate.value.Person;
import dev.tollgate.value.Person.Duty;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A token for the console's API as it is kept: its hash, never itself.
 *
 * @param id names it, begins with {@code tok_}
 * @param hash SHA-256 of the whole token in lower-case hex: 256 bits of randomness need no slow hash
 * @param name who uses it, in records: 1 to 64 of {@code a-z 0-9 . _ -}
 * @param duties what it may do; at least one
 * @param createdBy who made it
 * @param createdAt when
 * @param expiresAt when it ends by itself; null for never
 * @param revokedAt when it was revoked; null if it was not
 */
public record AccessToken(
        String id,
        String hash,
        String name,
        List<Duty> duties,
        String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt) {
    /** What a name looks like. */
    public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** What a role is called, and a team: nothing that stores part them by. */
    private static final Pattern WORD = Pattern.compile("[!-~]{1,128}");

    public AccessToken {
        duties = List.copyOf(duties);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a token's name is 1 to 64 of a-z, 0-9, dot, dash and underscore");
        }
        if (duties.isEmpty()) {
            throw new IllegalArgumentException("a token needs a role");
        }
        for (Duty duty : duties) {
            if (!WORD.matcher(duty.role()).matches()
                    || !WORD.matcher(duty.team()).matches()) {
                throw new IllegalArgumentException("a role and a team are 1 to 128 characters without blanks");
            }
        }
    }

    public boolean isUsableAt(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }

    /** Who acts with it. */
    public Person person() {
        return new Person("token:" + name, duties);
    }

    /** This token revoked; one that was revoked before keeps its first moment. */
    public AccessToken revoked(Instant at) {
        return new AccessToken(
                id, hash, name, duties, createdBy, createdAt, expiresAt, revokedAt == null ? at : revokedAt);
    }

    @Override
    public String toString() {
        return "AccessToken[" + id + " of " + name + ", hash redacted]";
    }
}
