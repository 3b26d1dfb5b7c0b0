package dev.tollgate.exchange;

import java.util.Set;

/**
 * What a key may do. An empty set allows everything of its kind.
 *
 * @param models aliases and {@code provider/model} names, {@code *} at the end as a wildcard ({@code openai/*})
 * @param providers ids of providers
 */
public record Scopes(Set<String> models, Set<String> providers) {
    public static final Scopes ALL = new Scopes(Set.of(), Set.of());

    public Scopes {
        models = Set.copyOf(models);
        providers = Set.copyOf(providers);
    }

    public boolean allowsProvider(String provider) {
        return providers.isEmpty() || providers.contains(provider);
    }

    /** Whether any of the names under which a model is known is allowed. */
    public boolean allowsModel(String... names) {
        if (models.isEmpty()) {
            return true;
        }
        for (String name : names) {
            if (models.stream().anyMatch(pattern -> matches(pattern, name))) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(name);
    }
}
