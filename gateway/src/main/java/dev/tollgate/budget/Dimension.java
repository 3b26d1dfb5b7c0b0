package dev.tollgate.budget;

import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Labels;
import dev.tollgate.exchange.Target;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing by which calls are told apart. What a call has of it is empty where it has none: session, user and tags are labels that a client may
 * leave out, and calls without one count together.
 *
 * @param name in policies and in counters' keys
 * @param isByTarget whether it depends on the target that serves
 * @param reading takes it out of a call
 */
record Dimension(String name, boolean isByTarget, Reading reading) {
    /** What policies may name, for messages. */
    static final String ALLOWED = "key, agent, team, session, user, model, provider, route or tag.NAME";

    static final String MODEL = "model";

    private static final String TAG = "tag.";

    /** How it is read. */
    @FunctionalInterface
    interface Reading {
        String of(Caller caller, @Nullable String alias, Target target);
    }

    /** The one that policies call by this name; empty if there is none. */
    static Optional<Dimension> named(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "key" ->
                        ofCaller(name, (caller, alias, target) -> caller.key().value());
                    case "agent" ->
                        ofCaller(name, (caller, alias, target) -> caller.agent().value());
                    case "team" ->
                        ofCaller(name, (caller, alias, target) -> caller.team().value());
                    case "session" ->
                        ofCaller(
                                name,
                                (caller, alias, target) -> caller.session().isPresent()
                                        ? caller.session().get().value()
                                        : "");
                    case "user" ->
                        ofCaller(
                                name, (caller, alias, target) -> caller.labels().user());
                    case "route" -> ofCaller(name, (caller, alias, target) -> Objects.requireNonNullElse(alias, ""));
                    case "provider" -> new Dimension(name, true, (caller, alias, target) -> target.provider());
                    case MODEL ->
                        new Dimension(
                                name, true, (caller, alias, target) -> Objects.requireNonNullElse(target.model(), ""));
                    default -> label(name);
                });
    }

    private static @Nullable Dimension label(String name) {
        if (!name.startsWith(TAG) || !Labels.isTagName(name.substring(TAG.length()))) {
            return null;
        }
        String tag = name.substring(TAG.length());
        return ofCaller(name, (caller, alias, target) -> caller.labels().tag(tag));
    }

    private static Dimension ofCaller(String name, Reading reading) {
        return new Dimension(name, false, reading);
    }

    String of(Caller caller, @Nullable String alias, Target target) {
        return reading.of(caller, alias, target);
    }
}
