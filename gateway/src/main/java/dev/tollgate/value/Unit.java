package dev.tollgate.value;

/** What a budget counts. Every counter's key tells its unit, so that whoever has the key needs nothing else. */
public enum Unit {
    /** Money: limits are written in dollars, counters hold nano-dollars. */
    USD(""),
    /** Tokens in and out, cached and reasoning ones included. */
    TOKENS("tokens:"),
    /** Calls that reached a provider, however many attempts each took. */
    REQUESTS("requests:");

    private final String prefix;

    Unit(String prefix) {
        this.prefix = prefix;
    }

    /** What the keys of its counters begin with; ids of budgets have no colon. */
    public String prefix() {
        return prefix;
    }

    /** The unit of a counter, by its key. */
    public static Unit ofCounter(String key) {
        return key.startsWith(TOKENS.prefix) ? TOKENS : key.startsWith(REQUESTS.prefix) ? REQUESTS : USD;
    }

    /** An amount as people read it: {@code $0.25}, {@code 1200 tokens}, {@code 1 request}. */
    public String show(long amount) {
        return switch (this) {
            case USD -> new NanoUsd(amount).toString();
            case TOKENS -> amount == 1 ? "1 token" : amount + " tokens";
            case REQUESTS -> amount == 1 ? "1 request" : amount + " requests";
        };
    }
}
