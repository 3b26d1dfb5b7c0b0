package dev.tollgate;

import dev.tollgate.approval.History;
import dev.tollgate.budget.OpenExchanges;
import dev.tollgate.identity.KeyDirectory;
import dev.tollgate.pipeline.Pipeline;
import dev.tollgate.pipeline.Stage;
import dev.tollgate.stage.ApproveStage;
import dev.tollgate.stage.BudgetStage;
import dev.tollgate.stage.DetectStage;
import dev.tollgate.stage.IdentifyStage;
import dev.tollgate.stage.Inspector;
import dev.tollgate.stage.LimitStage;
import dev.tollgate.stage.ReadStage;
import dev.tollgate.stage.RouteStage;
import dev.tollgate.stage.ScanStage;
import dev.tollgate.stage.ToolStage;
import dev.tollgate.wire.Wires;
import java.util.List;

/**
 * What every call meets on its way to a provider, in order. There is no other way: a provider takes only a
 * {@link dev.tollgate.pipeline.Cleared}, and only {@link Pipeline} makes one.
 */
final class RequestPath {
    private RequestPath() {}

    static Pipeline pipeline(
            KeyDirectory keys,
            Wires wires,
            OpenExchanges open,
            LimitStage limits,
            BudgetStage budget,
            Inspector inspector,
            History history) {
        List<Stage> stages = List.of(
                // First, from the head alone: nothing is read from strangers, and every later stage asks who it is.
                new IdentifyStage(keys),
                // Before everything that looks at content, the model's name included.
                new ReadStage(wires, open),
                // Before the cost cap, which needs the model that will be paid for.
                new RouteStage(),
                // Before money is held: a call that comes too fast needs none. Behind routing, since limits may be a
                // model's.
                limits,
                // Before the scans, which cost more: a caller without money costs nothing further.
                budget,
                // Before detection, so that what is redacted counts as gone.
                new ScanStage(inspector),
                // Before approval, so that no person is asked about what is refused anyway.
                new DetectStage(inspector),
                // Behind the scans, whose changes in a definition go with it.
                new ToolStage(),
                // Last: a person sees what all others have said, and their leave is not overtaken by another stage.
                new ApproveStage(history));
        return new Pipeline(stages, System::nanoTime);
    }

    /**
     * The stages for judging calls that were stored: all but those that ask what is not stored. The key's secret is not, so nobody is identified anew;
     * and limits on speed ask about other calls at the same moment.
     */
    static Pipeline rehearsal(Wires wires, OpenExchanges open, BudgetStage budget, Inspector inspector) {
        return new Pipeline(
                List.of(
                        new ReadStage(wires, open),
                        new RouteStage(),
                        budget,
                        new ScanStage(inspector),
                        new DetectStage(inspector),
                        new ToolStage(),
                        new ApproveStage(History.NONE)),
                System::nanoTime);
    }
}
