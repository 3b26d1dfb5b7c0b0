package dev.tollgate.value;

/**
 * A held call waiting for a person.
 *
 * @param value 1–64 printable ASCII characters without blanks
 */
public record TicketId(String value) {
    public TicketId {
        Ids.require("ticket id", value, 64);
    }

    @Override
    public String toString() {
        return value;
    }
}
