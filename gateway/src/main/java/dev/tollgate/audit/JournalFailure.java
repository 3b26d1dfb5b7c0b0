package dev.tollgate.audit;

import org.jspecify.annotations.Nullable;

/** A record that could not be acknowledged. Carries no stack trace: it may be made once per call while a disk is full. */
public final class JournalFailure extends Exception {
    private static final long serialVersionUID = 1;

    JournalFailure(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }
}
