package dev.tollgate.console.oidc;

import java.time.Instant;

/**
 * Whose sessions an identity provider says are over: one of subject and session is told at least.
 *
 * @param issuer the provider
 * @param subject under which it knows them; empty for whoever has the session
 * @param session of the provider's; empty for all of the subject's
 * @param at when it said so
 */
public record LoggedOut(String issuer, String subject, String session, Instant at) {}
