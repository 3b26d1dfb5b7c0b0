package dev.tollgate.policy;

import java.time.Instant;
import java.util.Map;

/**
 * A policy bundle in force: what was written, and what each domain compiled from it. Immutable, shared by all threads.
 *
 * @param bundle the bundle as bound from YAML
 * @param version the first 16 hex digits of the SHA-256 over the bundle's files; names the policy in every record
 * @param loadedAt when it came into force
 * @param views what the domains compiled, by type
 */
public record PolicySnapshot(Bundle bundle, String version, Instant loadedAt, Map<Class<?>, Object> views) {
    public PolicySnapshot {
        views = Map.copyOf(views);
    }

    /**
     * What a domain compiled from this bundle when it was loaded.
     *
     * @throws IllegalStateException if no compiler of that view was registered: a fault of wiring
     */
    public <T> T view(Class<T> type) {
        Object view = views.get(type);
        if (view == null) {
            throw new IllegalStateException("no policy view " + type.getSimpleName() + " was compiled");
        }
        return type.cast(view);
    }

    @Override
    public String toString() {
        return "PolicySnapshot[" + version + "]";
    }
}
