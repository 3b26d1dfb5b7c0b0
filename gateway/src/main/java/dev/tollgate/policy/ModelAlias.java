package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.util.List;

/**
 * A name that agents use for a model, and what serves it.
 *
 * @param strategy how the first target is chosen
 * @param targets where calls may go, at least one; the others are fallbacks, in order
 */
public record ModelAlias(Strategy strategy, @Required List<TargetEntry> targets) {
    /** How the first target is chosen. */
    public enum Strategy {
        /** The first that is not broken. */
        ORDERED,
        /** By chance, in proportion to the weights. */
        WEIGHTED
    }

    /**
     * A model that an alias may lead to.
     *
     * @param model {@code provider/model}
     * @param weight share of calls when chosen by chance; 0 makes it a fallback only
     */
    public record TargetEntry(
            @Required String model,
            @Range(min = "0", max = "1000000") Integer weight) {
        public TargetEntry {
            weight = or(weight, 1);
            Defaults.require(
                    model != null && model.indexOf('/') > 0, "model is not of the form provider/model: " + model);
        }
    }

    public ModelAlias {
        strategy = or(strategy, Strategy.ORDERED);
        targets = List.copyOf(or(targets, List.of()));
    }
}
