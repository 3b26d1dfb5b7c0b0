package dev.tollgate.routing;

import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.ModelAlias;
import dev.tollgate.policy.ModelAlias.TargetEntry;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ViewCompiler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a model's name stands for: an alias of the policy, or {@code provider/model}. */
public final class ModelRoutes {
    private final Map<String, Alias> aliases;
    private final Map<String, String> providers;
    private final RandomGenerator random;

    private ModelRoutes(Map<String, Alias> aliases, Map<String, String> providers, RandomGenerator random) {
        this.aliases = Map.copyOf(aliases);
        this.providers = Map.copyOf(providers);
        this.random = random;
    }

    private record Alias(boolean isWeighted, List<Target> targets, List<Integer> weights) {}

    /**
     * Compiles the aliases of a bundle.
     *
     * @param random for weighted aliases; safe on any thread
     */
    public static ViewCompiler<ModelRoutes> compiler(RandomGenerator random) {
        return new ViewCompiler<>() {
            @Override
            public Class<ModelRoutes> type() {
                return ModelRoutes.class;
            }

            @Override
            public ModelRoutes compile(Bundle bundle) throws PolicyException {
                Map<String, String> providers = ProviderNames.of(bundle);
                Map<String, Alias> aliases = new HashMap<>();
                for (Map.Entry<String, ModelAlias> alias : bundle.models().entrySet()) {
                    aliases.put(alias.getKey(), alias(alias.getKey(), alias.getValue(), providers));
                }
                return new ModelRoutes(aliases, providers, random);
            }
        };
    }

    private static Alias alias(String name, ModelAlias alias, Map<String, String> providers) throws PolicyException {
        String path = "models.\"" + name + "\"";
        List<Target> targets = new ArrayList<>();
        for (TargetEntry entry : alias.targets()) {
            Target target = target(entry.model(), providers);
            if (target == null) {
                throw PolicyException.at(
                        path + ".targets[" + targets.size() + "].model",
                        entry.model() + " does not begin with a known provider and a slash");
            }
            // Called again behind others it could be billed twice where its budgets hold for one.
            if (targets.contains(target)) {
                throw PolicyException.at(
                        path + ".targets[" + targets.size() + "].model",
                        target + " is a target already; routing.attempts says how often each is tried");
            }
            targets.add(target);
        }
        List<Integer> weights =
                alias.targets().stream().map(TargetEntry::weight).toList();
        boolean isWeighted = alias.strategy() == ModelAlias.Strategy.WEIGHTED;
        if (isWeighted && weights.stream().allMatch(weight -> weight == 0)) {
            throw PolicyException.at(path + ".targets", "every weight is 0, so that none can be chosen");
        }
        return new Alias(isWeighted, targets, weights);
    }

    private static @Nullable Target target(String written, Map<String, String> providers) {
        int slash = written.indexOf('/');
        String provider = slash < 1 ? null : providers.get(written.substring(0, slash));
        return provider == null || slash == written.length() - 1
                ? null
                : new Target(provider, written.substring(slash + 1));
    }

    /** The route of a model's name on an endpoint that goes by it; empty if nothing has that name. */
    public Optional<Route> find(String name) {
        Alias alias = aliases.get(name);
        if (alias != null) {
            return Optional.of(new Route(ordered(alias), name));
        }
        return Optional.ofNullable(target(name, providers)).map(target -> new Route(List.of(target), null));
    }

    private List<Target> ordered(Alias alias) {
        if (!alias.isWeighted()) {
            return alias.targets();
        }
        int first = chosen(alias.weights());
        List<Target> order = new ArrayList<>(alias.targets());
        order.add(0, order.remove(first));
        return order;
    }

    private int chosen(List<Integer> weights) {
        int left = random.nextInt(weights.stream().mapToInt(Integer::intValue).sum());
        for (int i = 0; i < weights.size(); i++) {
            left -= weights.get(i);
            if (left < 0) {
                return i;
            }
        }
        throw new IllegalStateException("the random number was not below its bound");
    }

    /** The aliases that a key may use, sorted. */
    public List<String> names(Scopes scopes) {
        return aliases.entrySet().stream()
                .filter(alias ->
                        alias.getValue().targets().stream().anyMatch(target -> allows(scopes, target, alias.getKey())))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Whether a key may call a target, by its own name or by that of the alias that led to it. */
    public static boolean allows(Scopes scopes, Target target, @Nullable String alias) {
        if (!scopes.allowsProvider(target.provider())) {
            return false;
        }
        return alias == null ? scopes.allowsModel(target.toString()) : scopes.allowsModel(alias, target.toString());
    }
}
