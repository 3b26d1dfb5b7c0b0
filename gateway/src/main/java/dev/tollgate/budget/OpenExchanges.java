package dev.tollgate.budget;

import dev.tollgate.value.ExchangeId;
import dev.tollgate.value.KeyId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The exchanges open on this node, by key. Safe on any thread; bounded by the limit of each key. */
public final class OpenExchanges {
    private final Map<KeyId, Set<ExchangeId>> byKey = new HashMap<>();

    /** Enters an exchange; false if its key has as many open as the limit allows. */
    public synchronized boolean enter(KeyId key, ExchangeId exchange, int limit) {
        Set<ExchangeId> open = byKey.computeIfAbsent(key, missing -> new HashSet<>());
        return open.contains(exchange) || (open.size() < limit && open.add(exchange));
    }

    /** How many are open. */
    public synchronized int count() {
        return byKey.values().stream().mapToInt(Set::size).sum();
    }

    /** Ends an exchange. Ending one that never entered changes nothing. */
    public synchronized void leave(KeyId key, ExchangeId exchange) {
        Set<ExchangeId> open = byKey.get(key);
        if (open != null && open.remove(exchange) && open.isEmpty()) {
            byKey.remove(key);
        }
    }
}
