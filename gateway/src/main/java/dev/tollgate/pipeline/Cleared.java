package dev.tollgate.pipeline;

import dev.tollgate.exchange.Exchange;

/**
 * An exchange that every stage has agreed to: the only thing a provider takes. Only {@link Pipeline} can make one, so that no code path
 * around the stages compiles.
 */
public final class Cleared {
    private final Exchange exchange;

    Cleared(Exchange exchange) {
        this.exchange = exchange;
    }

    public Exchange exchange() {
        return exchange;
    }

    @Override
    public String toString() {
        return "Cleared[" + exchange + "]";
    }
}
