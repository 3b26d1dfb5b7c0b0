package dev.tollgate.store.memory;

import dev.tollgate.approval.GrantStore;
import dev.tollgate.approval.StandingGrant;
import dev.tollgate.approval.StandingGrant.Use;
import dev.tollgate.value.NanoUsd;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Standing grants of one test: behaves as the real stores do. */
public final class MemoryGrantStore implements GrantStore {
    private final Map<String, StandingGrant> grants = new LinkedHashMap<>();

    @Override
    public synchronized Future<Void> add(StandingGrant grant) {
        grants.put(grant.id(), grant.with(Use.NONE));
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Optional<StandingGrant>> find(String id) {
        return Future.succeededFuture(Optional.ofNullable(grants.get(id)));
    }

    @Override
    public synchronized Future<List<StandingGrant>> list(int limit) {
        List<StandingGrant> all = new ArrayList<>(grants.values());
        Collections.reverse(all);
        return Future.succeededFuture(all.stream().limit(limit).toList());
    }

    @Override
    public synchronized Future<List<StandingGrant>> live(String agent, Instant now) {
        return list(MAX_LIVE)
                .map(all -> all.stream()
                        .filter(grant ->
                                grant.isLiveAt(now) && grant.scope().agent().equals(agent))
                        .toList());
    }

    @Override
    public synchronized Future<Boolean> take(String id, NanoUsd amount, Instant now) {
        StandingGrant grant = grants.get(id);
        if (grant == null || !grant.isLiveAt(now)) {
            return Future.succeededFuture(false);
        }
        Use use = grant.use();
        NanoUsd spent = use.spent().plus(amount);
        NanoUsd limit = grant.limit();
        boolean fits = limit == null || spent.compareTo(limit) <= 0;
        if (fits) {
            grants.put(id, grant.with(new Use(spent, use.calls() + 1, null, null)));
        }
        return Future.succeededFuture(fits);
    }

    @Override
    public synchronized Future<Void> settle(String id, long changeNanos) {
        grants.computeIfPresent(id, (same, grant) -> {
            Use use = grant.use();
            NanoUsd spent = new NanoUsd(Math.max(0, use.spent().nanos() + changeNanos));
            return grant.with(new Use(spent, use.calls(), use.revokedBy(), use.revokedAt()));
        });
        return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Optional<StandingGrant>> revoke(String id, String by, Instant at) {
        grants.computeIfPresent(id, (same, grant) -> {
            Use use = grant.use();
            return use.revokedAt() == null ? grant.with(new Use(use.spent(), use.calls(), by, at)) : grant;
        });
        return find(id);
    }
}
