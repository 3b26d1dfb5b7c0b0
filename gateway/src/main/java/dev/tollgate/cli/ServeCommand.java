package dev.tollgate.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Starts the gateway and stays until it is told to end. */
@Command(
        name = "serve",
        description = {
            "Starts the gateway: the data plane on 127.0.0.1:8787 and the console on 127.0.0.1:8788, unless told otherwise.",
            "The first start creates its data folder, an admin token and one agent key, and shows both."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended as told (SIGTERM, SIGINT)",
            "1:could not start; the reason is shown",
            "2:wrong arguments"
        })
public final class ServeCommand implements Callable<Integer> {
    @Mixin
    private PolicyOptions policies = new PolicyOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Node node;

    ServeCommand(Node node) {
        this.node = node;
    }

    @Override
    public Integer call() {
        return node.serve(policies.loader(), spec.commandLine().getOut());
    }
}
