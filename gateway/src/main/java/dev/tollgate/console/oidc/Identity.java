package dev.tollgate.console.oidc;

import java.util.Set;

/**
 * Who somebody is, as an identity provider says.
 *
 * @param issuer the provider
 * @param name names them in records; never one that stands for somebody else of the gateway's
 * @param groups values of the roles claim
 */
public record Identity(String issuer, String name, Set<String> groups) {
    public Identity {
        groups = Set.copyOf(groups);
    }
}
