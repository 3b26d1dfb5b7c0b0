package dev.tollgate.detect;

/** A rule pack that cannot be used; the message names file, line, rule and what is wrong. */
public final class RulePackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RulePackException(String file, int line, String what) {
        super(file + ":" + line + ": " + what);
    }
}
