package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.util.List;

/**
 * A name that agents use for a model, and what serves it.
 *
 * @param strategy how the first target is chosen
 * @param targets where calls may go; the others are fallbacks, in order
 */
public record ModelAlias(Strategy strategy, List<TargetEntry> targets) {
    /** How the first target is chosen. */
    public enum Strategy {
        /** The first that is not broken. */
        ORDERED,
        /** By chance, in proportion to the weights. */
        WEIGHTED
    }

    /**
     * @param model {@code provider/model}
     * @param weight share of calls when chosen by chance, ≥ 0
     */
    public record TargetEntry(String model, Integer weight) {
        public TargetEntry {
            weight = or(weight, 1);
            Defaults.require(
                    model != null && model.indexOf('/') > 0, "model is not of the form provider/model: " + model);
            Defaults.require(weight >= 0, "weight is " + weight + ", it must not be negative");
        }
    }

    public ModelAlias {
        strategy = or(strategy, Strategy.ORDERED);
        targets = List.copyOf(or(targets, List.of()));
        Defaults.require(!targets.isEmpty(), "an alias needs at least one target");
    }
}
