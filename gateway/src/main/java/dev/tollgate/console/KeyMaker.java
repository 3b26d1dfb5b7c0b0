package dev.tollgate.console;

import dev.tollgate.exchange.Scopes;
import dev.tollgate.identity.Key;
import dev.tollgate.value.AgentId;
import dev.tollgate.value.TeamId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes new gateway keys, without keeping them. */
@FunctionalInterface
public interface KeyMaker {
    /**
     * @param expiresAt when it ends by itself; null for never
     */
    Made make(AgentId agent, TeamId team, Scopes scopes, @Nullable Instant expiresAt);

    /**
     * @param key what is kept
     * @param secret the key itself, told once and kept nowhere
     */
    record Made(Key key, String secret) {
        @Override
        public String toString() {
            return "Made[" + key.id() + ", secret redacted]";
        }
    }
}
