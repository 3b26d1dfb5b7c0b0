package dev.tollgate.exchange;

import org.jspecify.annotations.Nullable;

/**
 * One place a call can be sent to.
 *
 * @param provider id of the provider's entry
 * @param model the model's name as that provider spells it; null for endpoints that name no model
 */
public record Target(String provider, @Nullable String model) {
    @Override
    public String toString() {
        return model == null ? provider : provider + "/" + model;
    }
}
