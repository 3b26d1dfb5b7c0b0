package dev.tollgate;

import dev.tollgate.approval.History;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditIndex.Dimension;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.audit.SpendQuery;
import dev.tollgate.audit.SpendQuery.GroupKey;
import dev.tollgate.exchange.Caller;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.exchange.Target;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What happened before a call, from the index of the log. A call that ended moments ago may not be in it yet. */
final class AuditHistory implements History {
    /** How far back a session is looked for. */
    private static final Duration LONGEST_SESSION = Duration.ofDays(30);

    private final AuditIndex index;

    AuditHistory(AuditIndex index) {
        this.index = index;
    }

    @Override
    public Future<Past> before(Exchange exchange, Set<Want> wants) {
        Future<NanoUsd> cost =
                wants.contains(Want.SESSION_COST) ? sessionCost(exchange) : Future.succeededFuture(NanoUsd.ZERO);
        Future<Set<String>> used = wants.contains(Want.USED_MODELS) ? used(exchange) : Future.succeededFuture(Set.of());
        return cost.compose(spent -> used.map(models -> new Past(spent, models)));
    }

    private Future<NanoUsd> sessionCost(Exchange exchange) {
        Caller caller = exchange.caller();
        if (caller.session().isEmpty()) {
            return Future.succeededFuture(NanoUsd.ZERO);
        }
        Instant until = exchange.receivedAt().plusSeconds(1);
        SpendQuery question = new SpendQuery(
                until.minus(LONGEST_SESSION),
                until,
                ZoneOffset.UTC,
                List.of(new GroupKey(Dimension.SESSION, "")),
                Map.of(
                        new GroupKey(Dimension.SESSION, ""),
                                caller.session().get().toString(),
                        new GroupKey(Dimension.TEAM, ""), caller.team().value()));
        return index.spend(question)
                .map(groups -> new NanoUsd(groups.stream()
                        .mapToLong(group -> group.spend().costNanos())
                        .sum()));
    }

    private Future<Set<String>> used(Exchange exchange) {
        Caller caller = exchange.caller();
        Set<String> used = new HashSet<>();
        List<Future<Void>> asked = new ArrayList<>();
        for (Target target : exchange.route().targets()) {
            Filter filter =
                    new Filter(caller.agent().value(), "", "", "completed", target.toString(), "", 0, Instant.MAX);
            asked.add(index.recent(filter, 1).map(rows -> {
                if (!rows.isEmpty()) {
                    used.add(target.toString());
                }
                return null;
            }));
        }
        return Future.all(asked).map(used);
    }
}
