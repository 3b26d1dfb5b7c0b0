package dev.tollgate.approval;

import dev.tollgate.value.NanoUsd;
import java.util.HashMap;
import java.util.Map;

/** What one call has taken from standing grants: once from each, however often it lets the call pass. Not thread-safe. */
public final class GrantUses {
    private final Map<String, NanoUsd> taken = new HashMap<>();

    boolean has(String grant) {
        return taken.containsKey(grant);
    }

    void took(String grant, NanoUsd amount) {
        taken.put(grant, amount);
    }

    Map<String, NanoUsd> taken() {
        return Map.copyOf(taken);
    }
}
