package dev.tollgate.exchange;

import org.jspecify.annotations.Nullable;

/**
 * What a request path names, decided before anything else is read.
 *
 * @param provider id of the provider the path names; null where the model's name decides
 * @param wire id of the wire the path speaks ({@code openai_chat}, …, {@code opaque})
 * @param path what follows the provider in the path, percent-encoding kept, without leading slash: {@code chat/completions}
 * @param query the raw query without its question mark and without gateway credentials; null if there is none
 */
public record Endpoint(
        @Nullable String provider,
        String wire,
        String path,
        @Nullable String query) {
    @Override
    public String toString() {
        return "Endpoint[" + provider + " " + wire + " " + path + "]";
    }
}
