package dev.tollgate.console;

import dev.tollgate.policy.ListenPolicy;
import java.util.List;

/**
 * How the console is served.
 *
 * @param listen address, port and TLS
 * @param hosts further host names under which the console may be asked for
 * @param gatewayUrl base URL of the data plane as agents on this machine reach it: {@code http://127.0.0.1:8787}
 * @param exampleModel a model that works without a provider's credential, for the lines of the first-run page
 * @param version of Tollgate
 */
public record ConsoleSettings(
        ListenPolicy listen, List<String> hosts, String gatewayUrl, String exampleModel, String version) {
    public ConsoleSettings {
        hosts = List.copyOf(hosts);
    }

    boolean isTls() {
        return listen.certificate() != null;
    }
}
