package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import dev.tollgate.value.NanoUsd;
import java.util.List;
import java.util.Map;

/**
 * What you pay, where it is not the list price. The list is {@code catalog/prices.yaml}: the bundle's own, which {@code tollgate prices update}
 * writes, else the built-in one.
 *
 * @param models prices of your own; one of them replaces the list's whole
 * @param discounts what your contracts take off the list price, or put on it; not of prices of your own, nor of bills that a provider tells itself
 */
public record PricesPolicy(List<OwnPrice> models, List<Discount> discounts) {
    public static final PricesPolicy DEFAULT = new PricesPolicy(List.of(), List.of());

    /**
     * A price of your own.
     *
     * @param provider id of the provider
     * @param model name of the model at that provider; a * at its end stands for any rest
     * @param dollars by what is billed, as prices.yaml names it: dollars per million tokens of input, cache_read, cache_write, cache_write_1h,
     *     output, reasoning …, dollars apiece of request, search, image, second …; input and output are needed
     * @param over prices of calls with more input
     * @param flex changes on these terms
     * @param priority changes on these terms
     * @param batch changes on these terms
     * @param fast changes on these terms
     */
    public record OwnPrice(
            @Required String provider,
            @Required String model,
            @Required Map<String, NanoUsd> dollars,
            List<Over> over,
            Map<String, NanoUsd> flex,
            Map<String, NanoUsd> priority,
            Map<String, NanoUsd> batch,
            Map<String, NanoUsd> fast) {
        public OwnPrice {
            dollars = Map.copyOf(or(dollars, Map.of()));
            over = List.copyOf(or(over, List.of()));
            flex = Map.copyOf(or(flex, Map.of()));
            priority = Map.copyOf(or(priority, Map.of()));
            batch = Map.copyOf(or(batch, Map.of()));
            fast = Map.copyOf(or(fast, Map.of()));
        }
    }

    /**
     * Prices of calls with more input than so much, all of it; what is not named stays.
     *
     * @param tokens input tokens that must be exceeded, cached ones included
     * @param dollars as above
     */
    public record Over(
            @Required @Range(min = "1") Long tokens,
            @Required Map<String, NanoUsd> dollars) {
        public Over {
            dollars = Map.copyOf(or(dollars, Map.of()));
        }
    }

    /**
     * A discount. Where several fit, the one with the longest name of a model counts alone.
     *
     * @param provider id of the provider
     * @param model name of the model at that provider; a * at its end stands for any rest
     * @param percent taken off, with at most four decimals; below zero it is put on
     */
    public record Discount(
            @Required String provider,
            String model,
            @Required @Range(min = "-1000", max = "100") Double percent) {
        public Discount {
            model = or(model, "*");
        }
    }

    public PricesPolicy {
        models = List.copyOf(or(models, List.of()));
        discounts = List.copyOf(or(discounts, List.of()));
    }
}
