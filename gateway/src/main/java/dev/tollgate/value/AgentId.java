package dev.tollgate.value;

/**
 * The agent a key belongs to.
 *
 * @param value 1–128 printable ASCII characters without blanks
 */
public record AgentId(String value) {
    public AgentId {
        Ids.require("agent", value, 128);
    }

    @Override
    public String toString() {
        return value;
    }
}
