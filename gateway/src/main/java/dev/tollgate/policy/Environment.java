package dev.tollgate.policy;

import org.jspecify.annotations.Nullable;

/** Environment variables. */
@FunctionalInterface
public interface Environment {
    Environment SYSTEM = System::getenv;

    /** The variable's value; null if it is not set. */
    @Nullable
    String get(String name);
}
