package dev.tollgate.policy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy in force.
 *
 * <pre>
 *   files ──load──▶ bundle ──compile──▶ views ──▶ snapshot ──swap──▶ in force
 *              └────────── refused ──────────▶ the old one stays, lastFailure() says why
 * </pre>
 *
 * {@link #current} is a volatile read, for any thread. Loading reads files and compiles rules: not for event loops.
 */
public final class PolicySource {
    private static final Logger LOG = LoggerFactory.getLogger(PolicySource.class);

    private final PolicyLoader loader;
    private final List<ViewCompiler<?>> compilers;
    private final InstantSource clock;
    private final List<PolicyListener> listeners = new CopyOnWriteArrayList<>();
    private volatile PolicySnapshot current;
    private volatile PolicyListener.@Nullable Failure lastFailure;

    private PolicySource(
            PolicyLoader loader, List<ViewCompiler<?>> compilers, InstantSource clock, PolicySnapshot first) {
        this.loader = loader;
        this.compilers = compilers;
        this.clock = clock;
        this.current = first;
    }

    /**
     * Loads for the first time.
     *
     * @param compilers what the domains make of a bundle, one per view
     * @throws PolicyException telling all that is wrong: nothing is in force before
     */
    public static PolicySource start(PolicyLoader loader, List<ViewCompiler<?>> compilers, InstantSource clock)
            throws PolicyException {
        List<ViewCompiler<?>> all = List.copyOf(compilers);
        return new PolicySource(loader, all, clock, snapshot(loader, all, clock));
    }

    public PolicySnapshot current() {
        return current;
    }

    /** The last load, if it was refused; empty once a later one came into force. */
    public Optional<PolicyListener.Failure> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /** Adds somebody to be told of loads from now on. */
    public void listen(PolicyListener listener) {
        listeners.add(listener);
    }

    /**
     * Loads anew. The snapshot is swapped once everything in it is sound; exchanges under way keep theirs.
     *
     * @return whether a new snapshot came into force
     */
    @CanIgnoreReturnValue
    public synchronized boolean reload() {
        PolicySnapshot before = current;
        try {
            PolicySnapshot loaded = snapshot(loader, compilers, clock);
            warnOfWhatNeedsARestart(before.bundle(), loaded.bundle());
            current = loaded;
            lastFailure = null;
            LOG.info("policy {} is in force, instead of {}", loaded.version(), before.version());
            listeners.forEach(listener -> listener.onLoad(loaded));
            return true;
        } catch (PolicyException refused) {
            // Half a policy could let through what either whole one would have stopped.
            PolicyListener.Failure failure = new PolicyListener.Failure(clock.instant(), refused);
            lastFailure = failure;
            LOG.error("policy refused, {} stays in force:\n{}", before.version(), refused.getMessage());
            listeners.forEach(listener -> listener.onFailure(failure));
            return false;
        }
    }

    /**
     * Loads a bundle and compiles all its views, without putting it in force.
     *
     * @throws PolicyException telling all that is wrong
     */
    public static PolicySnapshot snapshot(PolicyLoader loader, List<ViewCompiler<?>> compilers, InstantSource clock)
            throws PolicyException {
        LoadedBundle loaded = loader.load();
        Map<Class<?>, Object> views = new HashMap<>();
        List<PolicyError> errors = new ArrayList<>();
        for (ViewCompiler<?> compiler : compilers) {
            try {
                views.put(compiler.type(), compiler.compile(loaded.bundle()));
            } catch (PolicyException refused) {
                errors.addAll(loaded.located(refused).errors());
            }
        }
        if (!errors.isEmpty()) {
            throw new PolicyException(
                    errors.stream().distinct().sorted(PolicyError.BY_PLACE).toList());
        }
        return new PolicySnapshot(loaded.bundle(), loaded.version(), clock.instant(), views);
    }

    private static void warnOfWhatNeedsARestart(Bundle before, Bundle after) {
        Map<String, Boolean> changed = Map.of(
                "server",
                !before.server().equals(after.server()),
                "store",
                !before.store().equals(after.store()),
                "audit",
                !before.audit().equals(after.audit()),
                "console.url",
                !Objects.equals(before.console().url(), after.console().url()),
                "payloads (key, backlog)",
                !Objects.equals(before.payloads().key(), after.payloads().key())
                        || !before.payloads().backlog().equals(after.payloads().backlog()));
        changed.forEach((section, isChanged) -> {
            if (isChanged) {
                LOG.warn("the section {} has changed; it is read at start only, so restart to use it", section);
            }
        });
    }
}
