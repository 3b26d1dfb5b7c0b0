package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.nio.file.Path;

/**
 * Where the gateway listens, its limits and its data folder. Read once at start.
 *
 * @param dataPlane where agents connect
 * @param console where people connect: approvals, spend, recent calls, {@code /metrics}, {@code /healthz}
 * @param limits what a client may send and how long everybody may take
 * @param dataFolder folder of journal, database and keys; created with access for its owner only (mode 0700)
 */
public record ServerPolicy(ListenPolicy dataPlane, ListenPolicy console, LimitsPolicy limits, Path dataFolder) {
    public static final int DATA_PLANE_PORT = 8787;
    public static final int CONSOLE_PORT = 8788;
    public static final ServerPolicy DEFAULT = new ServerPolicy(
            ListenPolicy.DEFAULT, ListenPolicy.DEFAULT, LimitsPolicy.DEFAULT, Path.of("tollgate-data"));

    public ServerPolicy {
        dataPlane = or(dataPlane, ListenPolicy.DEFAULT).withDefaultPort(DATA_PLANE_PORT);
        console = or(console, ListenPolicy.DEFAULT).withDefaultPort(CONSOLE_PORT);
        limits = or(limits, LimitsPolicy.DEFAULT);
        dataFolder = or(dataFolder, Path.of("tollgate-data"));
    }
}
