package dev.tollgate.cli;

import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.StorePolicy;
import dev.tollgate.store.redis.RedisNodes;
import dev.tollgate.store.redis.RedisStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The counters of money that several gateways share. */
@Command(
        name = "ledger",
        description = "Shows whose spend the shared counters hold after Redis was emptied.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {LedgerCommand.Status.class, LedgerCommand.Forget.class})
final class LedgerCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    /** Lists the nodes. */
    @Command(
            name = "status",
            description =
                    "Lists the gateways that share the counters. While one is awaited, calls with a budget are refused.",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:the spend of every gateway is in the counters",
                "1:some gateway is awaited, or Redis does not answer",
                "2:wrong arguments"
            })
    static final class Status extends RedisCommand {
        @Override
        int run(RedisNodes nodes, PrintWriter out) throws IOException {
            Map<String, String> states = LocalStores.await(nodes.states());
            out.printf("%-12s %s%n", "NODE", "STATE");
            states.forEach((node, state) -> out.printf("%-12s %s%n", node, state));
            return states.containsValue(RedisNodes.AWAITED) ? 1 : 0;
        }
    }

    /** Goes on without a node. */
    @Command(
            name = "forget",
            description =
                    "Goes on without gateways that are awaited: what they spent counts again only when they return.",
            mixinStandardHelpOptions = true)
    static final class Forget extends RedisCommand {
        @Parameters(paramLabel = "NODE", arity = "1..*", description = "The gateways, as ledger status shows them.")
        private List<String> gone = List.of();

        @Override
        int run(RedisNodes nodes, PrintWriter out) throws IOException {
            boolean all = true;
            for (String node : gone) {
                boolean forgotten = LocalStores.await(nodes.forget(node));
                out.println(forgotten ? node + " is awaited no more" : node + " is not awaited");
                all &= forgotten;
            }
            return all ? 0 : 1;
        }
    }

    /** A command that works on the counters in Redis. */
    abstract static class RedisCommand implements Callable<Integer> {
        @Mixin
        private PolicyOptions policies = new PolicyOptions();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public final Integer call() throws PolicyException {
            StorePolicy store = policies.loader().load().bundle().store();
            PrintWriter err = spec.commandLine().getErr();
            String uri = store.redis();
            if (uri == null) {
                err.println("store.redis is not set: the counters are in the memory of the gateway");
                return 1;
            }
            try (RedisStore redis = RedisStore.open(uri, store.redisCluster(), store.timeout())) {
                return run(
                        redis.nodes(RedisStore.INSTALLATION), spec.commandLine().getOut());
            } catch (IOException | IllegalArgumentException failure) {
                err.println(failure.getMessage());
                return 1;
            }
        }

        /** Does the work; yields the exit code. */
        abstract int run(RedisNodes nodes, PrintWriter out) throws IOException;
    }
}
