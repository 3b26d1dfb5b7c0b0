package dev.tollgate.policy;

/** A bundle cannot be used. The message names file, line and YAML path where they are known, and what is wrong with which value. */
public final class PolicyException extends Exception {
    private static final long serialVersionUID = 1;

    public PolicyException(String message) {
        super(message);
    }

    public PolicyException(String message, Throwable cause) {
        super(message, cause);
    }
}
