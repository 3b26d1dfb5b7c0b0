package dev.tollgate.policy;

import java.util.List;
import java.util.stream.Collectors;

/** A bundle cannot be used. The message has one line per fault, each naming file, line and YAML path where they are known. */
public final class PolicyException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<PolicyError> errors;

    public PolicyException(List<PolicyError> errors) {
        super(errors.stream().map(PolicyError::toString).collect(Collectors.joining("\n")));
        this.errors = List.copyOf(errors);
    }

    public PolicyException(String message) {
        this(List.of(new PolicyError("", 0, "", message)));
    }

    public PolicyException(String message, Throwable cause) {
        this(message);
        initCause(cause);
    }

    /** A fault found by whoever compiles a bundle. The loader adds file and line.
     *
     * @param path YAML path of what is wrong, such as {@code approval.holds[0].when}
     * @param message what is wrong with which value
     */
    public static PolicyException at(String path, String message) {
        return new PolicyException(List.of(new PolicyError("", 0, path, message)));
    }

    /** What is wrong, at least one. */
    public List<PolicyError> errors() {
        return errors;
    }
}
