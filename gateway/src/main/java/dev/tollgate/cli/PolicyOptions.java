package dev.tollgate.cli;

import dev.tollgate.policy.Environment;
import dev.tollgate.policy.PolicyLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that needs to know the policies: a command mixes them in with {@code @Mixin}. */
public final class PolicyOptions {
    @Option(
            names = "--policies",
            paramLabel = "DIR",
            description = "Folder of the policy bundle. Without it the default bundle serves.")
    private @Nullable Path folder;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description =
                    "Overrides one setting, such as server.data_plane.port=9000 or scan.mode=observe. May be repeated.")
    private List<String> overrides = new ArrayList<>();

    /** A loader of the bundle that the options name. */
    public PolicyLoader loader() {
        return new PolicyLoader(folder, overrides, Environment.SYSTEM);
    }
}
