package dev.tollgate.cli;

import dev.tollgate.budget.Ledger;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.pipeline.Outcome;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.ViewCompiler;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;

/** What commands need of a node. Stands here so that they need not know how one is built. */
public interface Node {
    /**
     * Runs a gateway until the process is told to end.
     *
     * @param loader the policies to run by
     * @param out where people read what was started
     * @return the exit code
     */
    int serve(PolicyLoader loader, PrintWriter out);

    /** What a node makes of the bundles of a loader. */
    List<ViewCompiler<?>> compilers(PolicyLoader loader);

    /** The same for judging stored calls: providers without a credential here count as ready, for nothing is sent. */
    List<ViewCompiler<?>> rehearsalCompilers(PolicyLoader loader);

    /** The stages that can judge a stored call, over counters of its own. Calls nobody. */
    Function<Exchange, Future<Outcome>> rehearsal(Ledger ledger);
}
