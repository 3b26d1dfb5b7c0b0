package dev.tollgate.console;

import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.Standing;
import dev.tollgate.policy.BudgetPolicy.BudgetEntry;
import dev.tollgate.policy.Names;
import dev.tollgate.value.Person;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Where the budgets of the policy in force stand. */
final class BudgetBoard {
    private final PolicyDesk policy;
    private final Ledger ledger;
    private final InstantSource clock;

    BudgetBoard(PolicyDesk policy, Ledger ledger, InstantSource clock) {
        this.policy = policy;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * What can be shown.
     *
     * @param rows counters by budget, in the order of the policy
     * @param isWhole whether the ledger has no more than was looked at
     */
    record View(List<Standing.Row> rows, boolean isWhole, Instant now) {
        /** The fullest of all. */
        List<Standing.Row> fullest(int max) {
            return rows.stream()
                    .sorted(Comparator.comparingDouble(Standing.Row::fullness).reversed())
                    .limit(max)
                    .toList();
        }
    }

    /**
     * What somebody may see: whose roles are for some teams, the counters of those teams and of their keys, and budgets that count nothing
     * but them. A counter that others share is left out whole: how full it is tells of them.
     *
     * @param keys ids of the keys of their teams
     */
    Future<View> view(Person person, Set<String> keys) {
        return view().map(view -> person.maySee(Person.ALL_TEAMS)
                ? view
                : new View(
                        view.rows.stream()
                                .filter(row -> isTheirs(row, person, keys))
                                .toList(),
                        view.isWhole,
                        view.now));
    }

    private static boolean isTheirs(Standing.Row row, Person person, Set<String> keys) {
        String team = row.names().get("team");
        String key = row.names().get("key");
        return (team != null && person.maySee(team))
                || (key != null && keys.contains(key))
                || countsOnly(row.budget(), person);
    }

    /** Whether a budget counts calls of teams that somebody may see, and no others. A pattern may stand for any team. */
    static boolean countsOnly(BudgetEntry budget, Person person) {
        boolean isByTeam = budget.scope().all().equals(List.of("team"));
        List<String> teams = isByTeam && !budget.only().all().isEmpty()
                ? budget.only().all()
                : budget.match().getOrDefault("team", Names.NONE).all();
        return !teams.isEmpty() && teams.stream().allMatch(team -> team.indexOf('*') < 0 && person.maySee(team));
    }

    Future<View> view() {
        Instant now = clock.instant();
        Budgets budgets = policy.current().view(Budgets.class);
        if (budgets.isEmpty()) {
            return Future.succeededFuture(new View(List.of(), true, now));
        }
        return ledger.contents(Limits.MAX_COUNTERS_READ)
                .map(contents -> new View(Standing.of(budgets, contents, now), contents.isWhole(), now));
    }
}
