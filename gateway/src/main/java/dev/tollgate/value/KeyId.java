package dev.tollgate.value;

/**
 * Names a gateway key without being one: may be shown and logged.
 *
 * @param value 1–64 printable ASCII characters without blanks
 */
public record KeyId(String value) {
    public KeyId {
        Ids.require("key id", value, 64);
    }

    @Override
    public String toString() {
        return value;
    }
}
