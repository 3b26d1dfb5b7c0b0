package dev.tollgate.cli;

import dev.tollgate.policy.PolicyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that works on the stores of a node, whether or not the node runs. */
abstract class StoreCommand implements Callable<Integer> {
    @Mixin
    private PolicyOptions policies = new PolicyOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public final Integer call() throws PolicyException {
        try (LocalStores stores = LocalStores.open(policies.loader())) {
            return run(stores, Terminal.guarded(spec.commandLine().getOut()));
        } catch (IOException | IllegalArgumentException failure) {
            spec.commandLine().getErr().println(failure.getMessage());
            return 1;
        }
    }

    /** The folder of the settings' bundle; null for the default bundle. */
    final @Nullable Path policyFolder() {
        return policies.loader().folder();
    }

    /** Says that the command was called wrongly. */
    final ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Does the work; yields the exit code. */
    abstract int run(LocalStores stores, PrintWriter out) throws IOException, PolicyException;
}
