package dev.tollgate.console;

import dev.tollgate.console.Route.Access;
import dev.tollgate.console.Route.Need;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.ModelAlias;
import dev.tollgate.policy.PolicySnapshot;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The policy in force, in short, and how loading it went. */
final class PolicyPage {
    /** Room for what loads changed, in bytes, and what stands around each line of it. */
    private static final int MAX_HISTORY_BYTES = 60 * 1024;

    private static final int AROUND_LINE = 80;

    private final Shell shell;
    private final PolicyHistory history;

    PolicyPage(Shell shell, PolicyHistory history) {
        this.shell = shell;
        this.history = history;
    }

    /**
     * What the page shows.
     *
     * @param policy in force
     * @param source where it comes from
     * @param failure why the newest attempt to load failed; at most one
     * @param history what was in force before
     * @param callable how many providers can be called
     */
    record View(
            Frame frame,
            PolicySnapshot policy,
            String source,
            List<PolicyDesk.Failure> failure,
            PolicyHistory.Known history,
            long callable,
            Instant now) {
        /** Whether whoever looks may load it anew and try drafts out. */
        boolean mayChange() {
            return Need.ADMIN_OF_ALL.isMetBy(frame.person());
        }

        /** Whether what tells of single teams, agents and machines is shown. */
        boolean isWhole() {
            return Need.VIEWER_OF_ALL.isMetBy(frame.person());
        }

        /** Budgets that count for everybody alike, or for teams of whoever looks alone. */
        List<BudgetEntry> budgets() {
            return bundle().budget().budgets().stream()
                    .filter(budget -> isWhole()
                            || (budget.match().isEmpty() && budget.only().all().isEmpty())
                            || BudgetBoard.countsOnly(budget, frame.person()))
                    .toList();
        }

        Bundle bundle() {
            return policy.bundle();
        }

        /** The stages that may be observed only, with their modes. */
        List<StageMode> modes() {
            return List.of(
                    new StageMode("Cost cap", bundle().budget().mode()),
                    new StageMode("Secrets and personal data", bundle().scan().mode()),
                    new StageMode(
                            "Injection and exfiltration", bundle().detect().mode()),
                    new StageMode("Tools", bundle().tools().mode()),
                    new StageMode("Approval", bundle().approval().mode()));
        }

        /** The aliases, by name. */
        List<Map.Entry<String, ModelAlias>> aliases() {
            return bundle().models().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .toList();
        }

        /** Those that cannot be called. */
        long notCallable() {
            return bundle().providers().size() - callable;
        }
    }

    List<Route> routes() {
        return List.of(
                Route.get("/policy", Access.PAGE, Need.VIEWER, this::page),
                Route.post("/policy/reload", Access.PAGE, Need.ADMIN_OF_ALL, this::reload));
    }

    /** Loads that changed much are told in part: the log tells all of them. */
    private static PolicyHistory.Known fitting(PolicyHistory.Known known) {
        PageRoom room = new PageRoom(MAX_HISTORY_BYTES);
        List<PolicyHistory.Change> changes =
                known.changes().stream().map(change -> fitting(change, room)).toList();
        return new PolicyHistory.Known(changes, known.isWhole());
    }

    private static PolicyHistory.Change fitting(PolicyHistory.Change change, PageRoom room) {
        List<String> lines = room.takeEach(change.lines(), AROUND_LINE, room::take);
        return new PolicyHistory.Change(
                change.at(),
                change.refused(),
                change.version(),
                lines,
                change.lines().size() - lines.size());
    }

    private Future<Reply> page(Call call) {
        PolicyDesk desk = shell.rooms().policy();
        return shell.page(
                call,
                Frame.Section.POLICY,
                "policy",
                history.known().map(PolicyPage::fitting),
                (frame, known) -> new View(
                        frame,
                        desk.current(),
                        desk.source(),
                        desk.lastFailure().stream().toList(),
                        known,
                        ProviderPage.callable(desk.current(), shell.rooms().providers()),
                        shell.now()));
    }

    private Future<Reply> reload(Call call) {
        return shell.administration(call)
                .reloadPolicy()
                .map(loaded -> Notice.done("Loaded. Version " + loaded.version() + " is in force."))
                .otherwise(failure -> Notice.failed(String.valueOf(failure.getMessage())))
                .map(notice -> {
                    call.session().tell(notice);
                    return Reply.seeOther("/policy");
                });
    }
}
