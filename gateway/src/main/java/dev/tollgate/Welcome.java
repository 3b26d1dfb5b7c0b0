package dev.tollgate;

import dev.tollgate.identity.KeyMint;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.ListenPolicy;
import java.io.PrintWriter;
import java.util.Optional;

/** What a person reads when the gateway has started: where everything is, and one line to try it. */
final class Welcome {
    private final PrintWriter out;

    Welcome(PrintWriter out) {
        this.out = out;
    }

    void say(Bundle settings, DataFolder folder, int port, int consolePort, Optional<KeyMint.Minted> firstKey) {
        String gateway = url(settings.server().dataPlane(), port);
        String console = url(settings.server().console(), consolePort);
        out.println();
        out.println("Tollgate is running.");
        if (!settings.audit().recordsCalls()) {
            out.println("  CALLS ARE NOT RECORDED: audit.durability is off. There will be no evidence of what passes.");
        }
        out.println("  agents   " + gateway + "/v1        (base URL for OpenAI clients; " + gateway
                + "/anthropic for Anthropic's)");
        out.println("  people   " + console + "           (admin token: " + folder.adminTokenFile() + ")");
        firstKey.ifPresent(minted -> {
            out.println("  key      " + minted.secret().value() + "   (agent default; shown this once)");
            out.println();
            out.println("Try it:");
            out.println();
            out.println("  curl " + gateway + "/v1/chat/completions -H 'Authorization: Bearer "
                    + minted.secret().value()
                    + "' -H 'Content-Type: application/json' -d '{\"model\":\"" + model(settings)
                    + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'");
        });
        if (firstKey.isEmpty()) {
            out.println("  keys     tollgate keys create --agent NAME --team NAME");
        }
        out.println();
        out.flush();
    }

    /** One that answers without any provider's key. */
    private static String model(Bundle settings) {
        return settings.models().containsKey("fast") ? "fast" : "sandbox/sandbox-small";
    }

    private static String url(ListenPolicy listen, int port) {
        String host = listen.host().equals("0.0.0.0") || listen.host().equals("::") ? "127.0.0.1" : listen.host();
        return (listen.certificate() == null ? "http://" : "https://") + (host.contains(":") ? "[" + host + "]" : host)
                + ":" + port;
    }
}
