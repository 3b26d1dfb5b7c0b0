package dev.tollgate.routing;

import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ProviderEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Ids and aliases of providers, each to the provider's id. */
final class ProviderNames {
    /** First segments of endpoints that go by the model's name. */
    private static final Set<String> TAKEN =
            Set.of("chat", "completions", "responses", "messages", "embeddings", "models");

    private ProviderNames() {}

    /**
     * @throws PolicyException if a name stands for two providers or for something else in a path
     */
    static Map<String, String> of(Bundle bundle) throws PolicyException {
        // Sorted, so that of two that collide the same one is named each time.
        Map<String, ProviderEntry> providers = new TreeMap<>(bundle.providers());
        Map<String, String> names = new HashMap<>();
        for (String id : providers.keySet()) {
            add(names, id, id, "providers.\"" + id + "\"");
        }
        for (Map.Entry<String, ProviderEntry> provider : providers.entrySet()) {
            for (String alias : provider.getValue().aliases()) {
                add(names, alias, provider.getKey(), "providers.\"" + provider.getKey() + "\".aliases");
            }
        }
        return names;
    }

    private static void add(Map<String, String> names, String name, String id, String path) throws PolicyException {
        if (!name.matches("[a-z0-9][a-z0-9._-]{0,63}") || TAKEN.contains(name) || RawPath.isVersion(name)) {
            throw PolicyException.at(
                    path,
                    "\"" + name
                            + "\" cannot name a provider in paths: allowed are up to 64 of a-z, 0-9, dot, dash and underscore,"
                            + " but no version such as v1 and none of " + String.join(", ", new TreeSet<>(TAKEN)));
        }
        String before = names.putIfAbsent(name, id);
        if (before != null && !before.equals(id)) {
            throw PolicyException.at(path, "the name " + name + " already stands for provider " + before);
        }
    }
}
