package dev.tollgate.budget;

import dev.tollgate.value.ModelId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Values by provider and model, where a model's name may end in a * that stands for any rest. Upper and lower case are the same. Of several
 * that fit, an exact name wins, then the longest.
 */
final class ModelPatterns<T> {
    private final List<Entry<T>> entries = new ArrayList<>();

    private record Entry<T>(String provider, String name, boolean isPrefix, T value) {
        boolean fits(ModelId model, String lower) {
            return provider.equals(model.provider()) && (isPrefix ? lower.startsWith(name) : lower.equals(name));
        }

        int weight() {
            return isPrefix ? name.length() : Integer.MAX_VALUE;
        }
    }

    /** @return false if there is one of that provider and name already */
    boolean add(String provider, String model, T value) {
        String lower = model.toLowerCase(Locale.ROOT);
        boolean isPrefix = lower.endsWith("*");
        String name = isPrefix ? lower.substring(0, lower.length() - 1) : lower;
        for (Entry<T> entry : entries) {
            if (entry.provider.equals(provider) && entry.name.equals(name) && entry.isPrefix == isPrefix) {
                return false;
            }
        }
        entries.add(new Entry<>(provider, name, isPrefix, value));
        return true;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    @Nullable
    T find(ModelId model) {
        String lower = model.name().toLowerCase(Locale.ROOT);
        Entry<T> found = null;
        for (Entry<T> entry : entries) {
            if (entry.fits(model, lower) && (found == null || entry.weight() > found.weight())) {
                found = entry;
            }
        }
        return found == null ? null : found.value;
    }
}
