package dev.tollgate.exchange;

import dev.tollgate.value.AgentId;
import dev.tollgate.value.KeyId;
import dev.tollgate.value.SessionId;
import dev.tollgate.value.TeamId;
import java.util.Optional;

/**
 * Who makes a call: proven by the key, but for session and labels, which the client asserts.
 *
 * @param key the key used
 * @param agent the agent it belongs to
 * @param team the team that pays
 * @param scopes what the key may do
 * @param session the run this call belongs to, if anything named one
 * @param labels what else the client says of the call
 * @param passThrough whether the client's own provider credential goes on unchanged
 */
public record Caller(
        KeyId key,
        AgentId agent,
        TeamId team,
        Scopes scopes,
        Optional<SessionId> session,
        Labels labels,
        boolean passThrough) {
    /** A caller who labels nothing. */
    public Caller(
            KeyId key, AgentId agent, TeamId team, Scopes scopes, Optional<SessionId> session, boolean passThrough) {
        this(key, agent, team, scopes, session, Labels.NONE, passThrough);
    }

    public Caller withSession(SessionId named) {
        return new Caller(key, agent, team, scopes, Optional.of(named), labels, passThrough);
    }

    public Caller withLabels(Labels said) {
        return new Caller(key, agent, team, scopes, session, said, passThrough);
    }
}
