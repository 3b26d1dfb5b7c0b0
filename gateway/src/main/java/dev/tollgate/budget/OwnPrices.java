package dev.tollgate.budget;

import dev.tollgate.budget.ModelPrice.Period;
import dev.tollgate.budget.PriceLine.Change;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PricesPolicy.Over;
import dev.tollgate.policy.PricesPolicy.OwnPrice;
import dev.tollgate.value.ModelId;
import dev.tollgate.value.NanoUsd;
import dev.tollgate.value.ServiceTier;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prices of a policy's own. They replace those of the list; limits and tokenizer stay the list's, where it knows the model. */
final class OwnPrices {
    static final OwnPrices NONE = new OwnPrices(new ModelPatterns<>());

    private final ModelPatterns<Period> prices;

    private OwnPrices(ModelPatterns<Period> prices) {
        this.prices = prices;
    }

    static OwnPrices of(List<OwnPrice> models) throws PolicyException {
        ModelPatterns<Period> prices = new ModelPatterns<>();
        int index = 0;
        for (OwnPrice model : models) {
            String path = "prices.models[" + index++ + "]";
            if (!prices.add(model.provider(), model.model(), period(path, model))) {
                throw PolicyException.at(
                        path, "there is a price for " + model.provider() + "/" + model.model() + " already");
            }
        }
        return new OwnPrices(prices);
    }

    private static Period period(String path, OwnPrice model) throws PolicyException {
        Map<Billed, Long> usual = nanos(path + ".dollars", model.dollars());
        for (Billed needed : List.of(Billed.INPUT, Billed.OUTPUT)) {
            // A price that leaves one of them out would make it free.
            if (!usual.containsKey(needed)) {
                throw PolicyException.at(path + ".dollars", needed.key() + " is missing");
            }
        }
        List<Change> over = new ArrayList<>();
        for (Over tier : model.over()) {
            over.add(new Change(
                    tier.tokens(),
                    null,
                    nanos(path + ".over[" + over.size() + "].dollars", tier.dollars()),
                    List.of(),
                    Map.of()));
        }
        Map<ServiceTier, Change> terms = new EnumMap<>(ServiceTier.class);
        terms(path + ".flex", ServiceTier.FLEX, model.flex(), terms);
        terms(path + ".priority", ServiceTier.PRIORITY, model.priority(), terms);
        terms(path + ".batch", ServiceTier.BATCH, model.batch(), terms);
        terms(path + ".fast", ServiceTier.FAST, model.fast(), terms);
        return new Change(null, null, usual, over, terms).period(LocalDate.MIN, Rates.of(usual));
    }

    private static void terms(
            String path, ServiceTier tier, Map<String, NanoUsd> dollars, Map<ServiceTier, Change> terms)
            throws PolicyException {
        if (!dollars.isEmpty()) {
            terms.put(tier, new Change(null, null, nanos(path, dollars), List.of(), Map.of()));
        }
    }

    private static Map<Billed, Long> nanos(String path, Map<String, NanoUsd> dollars) throws PolicyException {
        Map<Billed, Long> nanos = new EnumMap<>(Billed.class);
        for (Map.Entry<String, NanoUsd> price : dollars.entrySet()) {
            Billed billed = Billed.of(price.getKey());
            if (billed == null) {
                throw PolicyException.at(path + "." + price.getKey(), "nothing is billed under this name");
            }
            if (price.getValue().nanos() < 0) {
                throw PolicyException.at(path + "." + price.getKey(), "must be 0 or more");
            }
            nanos.put(billed, price.getValue().nanos());
        }
        return nanos;
    }

    boolean isEmpty() {
        return prices.isEmpty();
    }

    /** @param listed what the list says of the model; null if nothing */
    Optional<ModelPrice> find(ModelId model, @Nullable ModelPrice listed) {
        Period own = prices.find(model);
        if (own == null) {
            return Optional.empty();
        }
        return Optional.of(new ModelPrice(
                model.provider(),
                listed == null ? model.name() : listed.model(),
                List.of(own),
                listed == null ? null : listed.contextWindow(),
                listed == null ? null : listed.maxOutput(),
                listed == null || listed.generates(),
                listed == null ? Tokenizer.OTHER : listed.tokenizer(),
                Rates.WHOLE));
    }
}
