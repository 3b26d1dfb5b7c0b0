package dev.tollgate.value;

/**
 * A model at a provider, written {@code provider/name}. The name may hold further slashes ({@code openrouter/meta/llama-4}).
 *
 * @param provider id of the provider's entry, lower case
 * @param name the model's name as the provider spells it, up to 256 characters
 */
public record ModelId(String provider, String name) {
    /** Longest name, in characters. */
    public static final int MAX_NAME = 256;

    public ModelId {
        if (provider.isEmpty() || provider.indexOf('/') >= 0) {
            throw new IllegalArgumentException("provider is empty or holds a slash: " + provider);
        }
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "model name has " + name.length() + " characters, allowed are 1 to " + MAX_NAME);
        }
    }

    @Override
    public String toString() {
        return provider + "/" + name;
    }
}
