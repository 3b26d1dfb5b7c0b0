package dev.tollgate.provider;

import org.jspecify.annotations.Nullable;

/** What proves the gateway to a provider. Never printed. */
sealed interface Credential {
    /** The provider needs none, or none is configured. */
    record None() implements Credential {}

    /** A key or token sent as it is. */
    record Token(String value) implements Credential {
        @Override
        public String toString() {
            return "Token[redacted]";
        }
    }

    /**
     * Keys that sign each request (AWS Signature Version 4).
     *
     * @param session session token of temporary keys, or null
     */
    record AwsKeys(String access, String secret, @Nullable String session, String region, String service)
            implements Credential {
        @Override
        public String toString() {
            return "AwsKeys[redacted]";
        }
    }
}
