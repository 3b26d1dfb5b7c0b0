package dev.tollgate.routing;

import dev.tollgate.exchange.Route;
import dev.tollgate.exchange.Scopes;
import dev.tollgate.exchange.Target;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.ModelAlias;
import dev.tollgate.policy.ModelAlias.Strategy;
import dev.tollgate.policy.ModelAlias.TargetEntry;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.ProviderEntry;
import dev.tollgate.policy.ViewCompiler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Which targets a model's name stands for: an alias of the policy, or {@code provider/model}. */
public final class ModelRoutes {
    private final Map<String, ModelAlias> aliases;
    private final Map<String, String> providerByName;
    private final RandomGenerator random;

    private ModelRoutes(Map<String, ModelAlias> aliases, Map<String, String> providerByName, RandomGenerator random) {
        this.aliases = new TreeMap<>(aliases);
        this.providerByName = providerByName;
        this.random = random;
    }

    /**
     * Compiles the aliases of a bundle.
     *
     * @param random for weighted choices; safe on any thread
     */
    public static ViewCompiler<ModelRoutes> compiler(RandomGenerator random) {
        return new ViewCompiler<>() {
            @Override
            public Class<ModelRoutes> type() {
                return ModelRoutes.class;
            }

            @Override
            public ModelRoutes compile(Bundle bundle) throws PolicyException {
                return of(bundle.models(), bundle.providers(), random);
            }
        };
    }

    static ModelRoutes of(Map<String, ModelAlias> aliases, Map<String, ProviderEntry> providers, RandomGenerator random)
            throws PolicyException {
        Map<String, String> providerByName = new HashMap<>();
        providers.forEach((id, entry) -> entry.aliases().forEach(alias -> providerByName.put(alias, id)));
        providers.keySet().forEach(id -> providerByName.put(id, id));
        ModelRoutes routes = new ModelRoutes(aliases, providerByName, random);
        for (Map.Entry<String, ModelAlias> alias : aliases.entrySet()) {
            for (TargetEntry target : alias.getValue().targets()) {
                if (routes.target(target.model()).isEmpty()) {
                    throw new PolicyException("models." + alias.getKey() + ".targets: there is no provider "
                            + target.model().substring(0, target.model().indexOf('/')));
                }
            }
        }
        return routes;
    }

    /** The route of a model's name on an endpoint that goes by it; empty if nothing has that name. */
    public Optional<Route> find(String name) {
        ModelAlias alias = aliases.get(name);
        if (alias != null) {
            return Optional.of(new Route(ordered(alias), name));
        }
        return target(name).map(target -> new Route(List.of(target), null));
    }

    /** Names that a key may use, for a list: aliases, which is what the policy means people to use. */
    public List<String> names(Scopes scopes) {
        List<String> names = new ArrayList<>();
        aliases.forEach((name, alias) -> {
            if (scopes.allowsModel(name)) {
                names.add(name);
            }
        });
        aliases.values().stream()
                .flatMap(alias -> alias.targets().stream())
                .map(TargetEntry::model)
                .distinct()
                .sorted()
                .filter(model -> scopes.allowsModel(model)
                        && scopes.allowsProvider(model.substring(0, model.indexOf('/')))
                        && !names.contains(model))
                .forEach(names::add);
        return names;
    }

    private Optional<Target> target(String name) {
        int slash = name.indexOf('/');
        if (slash <= 0 || slash == name.length() - 1) {
            return Optional.empty();
        }
        String provider = providerByName.get(name.substring(0, slash));
        return provider == null ? Optional.empty() : Optional.of(new Target(provider, name.substring(slash + 1)));
    }

    private List<Target> ordered(ModelAlias alias) {
        List<TargetEntry> entries = new ArrayList<>(alias.targets());
        if (alias.strategy() == Strategy.WEIGHTED) {
            int chosen = weighted(entries);
            entries.add(0, entries.remove(chosen));
        }
        return entries.stream().flatMap(entry -> target(entry.model()).stream()).toList();
    }

    private int weighted(List<TargetEntry> entries) {
        int total = entries.stream().mapToInt(TargetEntry::weight).sum();
        if (total == 0) {
            return 0;
        }
        int ticket = random.nextInt(total);
        for (int i = 0; i < entries.size(); i++) {
            ticket -= entries.get(i).weight();
            if (ticket < 0) {
                return i;
            }
        }
        return 0;
    }
}
