package dev.tollgate.console;

import dev.tollgate.audit.AgentPast;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
import dev.tollgate.audit.Spend;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.SpendGroup;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Exchanges of one test, in memory. */
final class FakeIndex implements AuditIndex {
    private final List<ExchangeRow> rows = new ArrayList<>();
    /** Whether it does not answer who asks for the past. */
    boolean isAway;

    synchronized void add(Received received, Ended ended) {
        rows.add(new ExchangeRow(received, Optional.ofNullable(ended)));
    }

    @Override
    public synchronized Future<List<ExchangeRow>> recent(Filter filter, int limit) {
        return Future.succeededFuture(rows.stream()
                .filter(filter::takes)
                .sorted(Comparator.comparing((ExchangeRow row) -> row.received().at())
                        .reversed())
                .limit(limit)
                .toList());
    }

    @Override
    public synchronized Future<Optional<ExchangeRow>> find(String exchangeId) {
        return Future.succeededFuture(rows.stream()
                .filter(row -> row.received().exchange().value().equals(exchangeId))
                .findFirst());
    }

    @Override
    public synchronized Future<AgentPast> past(AgentPast.Question question) {
        if (isAway) {
            return Future.failedFuture(new IllegalStateException("away"));
        }
        List<ExchangeRow> all = rows.stream()
                .filter(row -> row.received().agent().equals(question.agent())
                        && row.received().team().equals(question.team()))
                .toList();
        List<ExchangeRow> counted = all.stream()
                .filter(row -> !row.received().at().isBefore(question.from())
                        && row.received().at().isBefore(question.before()))
                .sorted(Comparator.comparing((ExchangeRow row) -> row.received().at())
                        .reversed())
                .limit(AgentPast.MAX_CALLS)
                .toList();
        return Future.succeededFuture(AgentPast.of(all, counted, question.asked()));
    }

    @Override
    public synchronized Future<List<SessionRow>> sessions(SessionQuery query) {
        Map<String, List<ExchangeRow>> sessions = rows.stream()
                .filter(row -> !row.received().session().isEmpty())
                .filter(row -> query.team().isEmpty()
                        || query.team().equals(row.received().team()))
                .collect(Collectors.groupingBy(row -> row.received().session()));
        return Future.succeededFuture(sessions.entrySet().stream()
                .map(session -> session(session.getKey(), session.getValue()))
                .sorted(Comparator.comparing(SessionRow::last).reversed())
                .limit(query.limit())
                .toList());
    }

    private static SessionRow session(String name, List<ExchangeRow> rows) {
        Spend spend = rows.stream().map(Spend::of).reduce(Spend::plus).orElseThrow();
        List<Instant> times =
                rows.stream().map(row -> row.received().at()).sorted().toList();
        return new SessionRow(
                name,
                rows.getFirst().received().team(),
                rows.stream()
                        .map(row -> row.received().agent())
                        .distinct()
                        .sorted()
                        .toList(),
                0,
                times.getFirst(),
                times.getLast(),
                spend.calls(),
                spend.denied(),
                spend.held(),
                0,
                spend.costNanos(),
                spend.inputTokens(),
                spend.outputTokens());
    }

    @Override
    public synchronized Future<List<SpendGroup>> spend(SpendQuery query) {
        Map<List<String>, Spend> sums = rows.stream()
                .filter(row -> !row.received().at().isBefore(query.from())
                        && row.received().at().isBefore(query.to()))
                .filter(row -> query.only().entrySet().stream()
                        .allMatch(only -> value(row, only.getKey()).equals(only.getValue())))
                .collect(Collectors.toMap(
                        row -> query.by().stream().map(key -> value(row, key)).toList(), Spend::of, Spend::plus));
        return Future.succeededFuture(sums.entrySet().stream()
                .map(sum -> new SpendGroup(sum.getKey(), sum.getValue()))
                .sorted(SpendGroup.DEAREST_FIRST)
                .toList());
    }

    private static String value(ExchangeRow row, SpendQuery.GroupKey by) {
        Received received = row.received();
        String target = row.ended().map(Ended::target).orElse("");
        String day = received.at().atOffset(ZoneOffset.UTC).toLocalDate().toString();
        return switch (by.dimension()) {
            case TEAM -> received.team();
            case AGENT -> received.agent();
            case KEY -> received.key();
            case SESSION -> received.session();
            case USER -> received.labels().user();
            case SUB_AGENT -> received.labels().subAgent();
            case TAG -> received.labels().tag(by.tag());
            case PROVIDER -> target.isEmpty() ? "" : target.substring(0, target.indexOf('/'));
            case MODEL -> target;
            case DAY -> day;
            case HOUR -> received.at().toString().substring(0, 13);
        };
    }
}
