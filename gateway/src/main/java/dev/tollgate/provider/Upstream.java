package dev.tollgate.provider;

import dev.tollgate.policy.ProviderEntry;

/**
 * A provider that calls can be sent to: its entry with all references resolved.
 *
 * @param id its id in paths and records
 * @param entry its entry
 * @param baseUrl its base URL
 * @param host host name or address of its base URL
 * @param port TCP port
 * @param tls whether it is spoken to over TLS
 * @param credential what proves us to it
 */
record Upstream(
        String id, ProviderEntry entry, String baseUrl, String host, int port, boolean tls, Credential credential) {
    @Override
    public String toString() {
        return "Upstream[" + id + " " + host + ":" + port + "]";
    }
}
