package dev.tollgate.identity;

import java.time.Instant;
import java.util.Set;

/**
 * One browser that is signed in to the console. Nothing in it opens the console: the cookie is kept as a hash.
 *
 * @param hash SHA-256 of the cookie, hexadecimal
 * @param proof by what somebody came in: who they are and what they may do is asked of it at each request
 * @param begunAt when they signed in, to the millisecond
 * @param usedAt when they last asked for something, as far as it was kept, to the millisecond
 * @param notice what the next page tells them; empty for nothing
 */
public record ConsoleSession(String hash, Proof proof, Instant begunAt, Instant usedAt, String notice) {
    /** By what somebody came in. */
    public sealed interface Proof {
        /**
         * The admin token.
         *
         * @param fingerprint of that token: another token ends the session
         */
        record ByToken(String fingerprint) implements Proof {}

        /**
         * An identity provider.
         *
         * @param issuer the provider
         * @param subject under which it knows them
         * @param session what it calls its own session of theirs; empty where it does not tell
         * @param name names them in records
         * @param groups values of the roles claim, without control characters
         */
        record ByProvider(String issuer, String subject, String session, String name, Set<String> groups)
                implements Proof {
            public ByProvider {
                groups = Set.copyOf(groups);
                // Stores keep groups line by line: a line break inside one would make another group of its rest.
                for (String group : groups) {
                    if (hasControls(group)) {
                        throw new IllegalArgumentException("a group holds control characters");
                    }
                }
            }

            /** Whether a text holds what no group may. */
            public static boolean hasControls(String group) {
                return group.chars().anyMatch(Character::isISOControl);
            }
        }
    }

    @Override
    public String toString() {
        return "ConsoleSession[redacted]";
    }
}
