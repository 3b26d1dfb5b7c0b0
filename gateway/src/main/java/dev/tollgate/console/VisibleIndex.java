package dev.tollgate.console;

import dev.tollgate.audit.AgentPast;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import dev.tollgate.value.Person;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The log as somebody sees it whose roles are for some teams only: as if nobody else had ever called. */
final class VisibleIndex implements AuditIndex {
    private static final GroupKey TEAM = GroupKey.of(Dimension.TEAM);

    private final AuditIndex all;
    private final Person person;

    private VisibleIndex(AuditIndex all, Person person) {
        this.all = all;
        this.person = person;
    }

    /** What somebody may see of the log. */
    static AuditIndex of(AuditIndex all, Person person) {
        return person.maySee(Person.ALL_TEAMS) ? all : new VisibleIndex(all, person);
    }

    @Override
    public Future<List<ExchangeRow>> recent(Filter filter, int limit) {
        return each(filter.team(), team -> all.recent(filter.of(team), limit))
                .map(rows -> rows.stream()
                        .sorted(Comparator.comparing(
                                        (ExchangeRow row) -> row.received().at())
                                .reversed())
                        .limit(limit)
                        .toList());
    }

    @Override
    public Future<Optional<ExchangeRow>> find(String exchangeId) {
        return all.find(exchangeId)
                .map(found -> found.filter(row -> person.maySee(row.received().team())));
    }

    @Override
    public Future<AgentPast> past(AgentPast.Question question) {
        return person.maySee(question.team()) ? all.past(question) : Future.succeededFuture(AgentPast.NONE);
    }

    @Override
    public Future<List<SessionRow>> sessions(SessionQuery query) {
        return each(
                        query.team(),
                        team -> all.sessions(
                                new SessionQuery(query.agent(), team, query.from(), query.to(), query.limit())))
                .map(rows -> rows.stream()
                        .sorted(Comparator.comparing(SessionRow::last).reversed())
                        .limit(query.limit())
                        .toList());
    }

    @Override
    public Future<List<SpendGroup>> spend(SpendQuery query) {
        return each(query.only().getOrDefault(TEAM, ""), team -> all.spend(of(query, team)))
                .map(groups -> SpendQuery.together(groups, List.of()).stream()
                        .limit(MAX_SPEND_ROWS)
                        .toList());
    }

    private static SpendQuery of(SpendQuery query, String team) {
        Map<GroupKey, String> only = new HashMap<>(query.only());
        only.put(TEAM, team);
        return new SpendQuery(query.from(), query.to(), query.zone(), query.by(), only);
    }

    /**
     * Asks for each team that may be seen, and is asked for.
     *
     * @param wanted the one team asked for; empty for all
     */
    private <T> Future<List<T>> each(String wanted, Function<String, Future<List<T>>> question) {
        List<Future<List<T>>> answers = person.teams().stream()
                .filter(team -> wanted.isEmpty() || wanted.equals(team))
                .map(question)
                .toList();
        return Future.all(answers).map(done -> {
            List<T> rows = new ArrayList<>();
            answers.forEach(answer -> rows.addAll(answer.result()));
            return rows;
        });
    }
}
