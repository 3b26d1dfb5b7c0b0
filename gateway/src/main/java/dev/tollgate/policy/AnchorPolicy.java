package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the newest checkpoint of the audit log goes besides, out of reach of whoever can write to the data folder: what was anchored cannot be cut off or
 * rewritten unseen. A checkpoint is a few hundred bytes of text without any content of calls.
 *
 * @param file file to which it is appended, best on another machine or on media that are written once
 * @param stdout whether it goes to standard output, where a log collector takes it
 * @param webhook address that gets it by POST as {@code text/plain}; retried until it is taken, the newest one first and alone
 * @param every least time between two; with 0 s every checkpoint goes out
 */
public record AnchorPolicy(
        @Nullable Path file,
        Boolean stdout,
        @SecretText @Nullable String webhook,
        @Range(min = "0s") Duration every) {
    public static final AnchorPolicy DEFAULT = new AnchorPolicy(null, false, null, Duration.ofSeconds(10));

    public AnchorPolicy {
        stdout = or(stdout, false);
        every = or(every, Duration.ofSeconds(10));
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return file == null && !stdout && webhook == null;
    }

    @Override
    public String toString() {
        return "AnchorPolicy[file=" + file + ", stdout=" + stdout + ", webhook="
                + (webhook == null ? "none" : "redacted") + "]";
    }
}
