package dev.tollgate.value;

/**
 * The team that pays for an agent.
 *
 * @param value 1–128 printable ASCII characters without blanks
 */
public record TeamId(String value) {
    public TeamId {
        Ids.require("team", value, 128);
    }

    @Override
    public String toString() {
        return value;
    }
}
