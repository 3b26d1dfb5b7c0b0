package dev.tollgate.value;

/**
 * One run of an agent. A label that the client asserts, never authentication.
 *
 * @param value 1–256 printable ASCII characters without blanks
 */
public record SessionId(String value) {
    public SessionId {
        Ids.require("session id", value, 256);
    }

    @Override
    public String toString() {
        return value;
    }
}
