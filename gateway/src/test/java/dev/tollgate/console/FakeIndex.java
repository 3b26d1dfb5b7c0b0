package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditRecord.Ended;
import dev.tollgate.audit.AuditRecord.Received;
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

    synchronized void add(Received received, Ended ended) {
        rows.add(new ExchangeRow(received, Optional.ofNullable(ended)));
    }

    @Override
    public synchronized Future<List<ExchangeRow>> recent(Filter filter, int limit) {
        return Future.succeededFuture(rows.stream()
                .filter(row -> row.received().at().isBefore(filter.before()))
                .filter(row -> fits(filter.agent(), row.received().agent()))
                .filter(row -> fits(filter.session(), row.received().session()))
                .filter(row ->
                        fits(filter.result(), row.ended().map(Ended::result).orElse("open")))
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
    public synchronized Future<List<SpendRow>> spend(Instant from, Instant to, Dimension by) {
        Map<String, List<ExchangeRow>> groups = rows.stream()
                .filter(row -> !row.received().at().isBefore(from)
                        && row.received().at().isBefore(to))
                .collect(Collectors.groupingBy(row -> value(row, by)));
        return Future.succeededFuture(groups.entrySet().stream()
                .map(group -> sum(group.getKey(), group.getValue()))
                .sorted(Comparator.comparingLong(SpendRow::costNanos).reversed())
                .toList());
    }

    private static boolean fits(String wanted, String value) {
        return wanted.isEmpty() || wanted.equals(value);
    }

    private static SpendRow sum(String value, List<ExchangeRow> rows) {
        List<Ended> ended = rows.stream().flatMap(row -> row.ended().stream()).toList();
        return new SpendRow(
                value,
                rows.size(),
                ended.stream().filter(end -> end.result().equals("denied")).count(),
                ended.stream().mapToLong(end -> end.usage().totalInput()).sum(),
                ended.stream().mapToLong(end -> end.usage().totalOutput()).sum(),
                ended.stream()
                        .mapToLong(end -> end.cost() == null ? 0 : end.cost().nanos())
                        .sum(),
                ended.stream().filter(end -> end.cost() == null).count());
    }

    private static String value(ExchangeRow row, Dimension by) {
        Received received = row.received();
        String target = row.ended().map(Ended::target).orElse("");
        String day = received.at().atOffset(ZoneOffset.UTC).toLocalDate().toString();
        return switch (by) {
            case TEAM -> received.team();
            case AGENT -> received.agent();
            case KEY -> received.key();
            case SESSION -> received.session();
            case PROVIDER -> target.isEmpty() ? "" : target.substring(0, target.indexOf('/'));
            case MODEL -> target;
            case DAY -> day;
            case HOUR -> received.at().toString().substring(0, 13);
        };
    }
}
