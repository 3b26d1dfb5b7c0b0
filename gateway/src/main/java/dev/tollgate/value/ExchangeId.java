package dev.tollgate.value;

/**
 * Names one request and its reply, in the reply's header, the log and every record.
 *
 * @param value 1–64 printable ASCII characters without blanks; ours are `ex_` and 26 characters that sort by time
 */
public record ExchangeId(String value) {
    public ExchangeId {
        Ids.require("exchange id", value, 64);
    }

    @Override
    public String toString() {
        return value;
    }
}
