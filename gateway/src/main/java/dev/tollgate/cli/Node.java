package dev.tollgate.cli;

import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.ViewCompiler;
import java.io.PrintWriter;
import java.util.List;

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
}
