package dev.tollgate;

import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditIndex.ExchangeRow;
import dev.tollgate.audit.AuditIndex.Filter;
import dev.tollgate.audit.payload.Answer;
import dev.tollgate.audit.payload.Part;
import dev.tollgate.audit.payload.PayloadStore;
import dev.tollgate.budget.Ledger;
import dev.tollgate.cli.Node;
import dev.tollgate.cli.replay.Comparison;
import dev.tollgate.cli.replay.Rehearsal;
import dev.tollgate.console.PolicyDesk.Rehearsed;
import dev.tollgate.identity.Key;
import dev.tollgate.identity.KeyStore;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySnapshot;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.store.memory.MemoryLedger;
import dev.tollgate.value.KeyId;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Judges the newest stored calls by a draft. Blocks, for as long as a page is waited for at most. */
final class DraftRehearsal {
    private static final int MOST_CALLS = 200;
    private static final int MOST_SHOWN = 50;
    private static final int MAX_KEYS = 100_000;
    private static final Duration TIME = Duration.ofSeconds(8);

    private final Node node;
    private final AuditIndex index;
    private final PayloadStore payloads;
    private final KeyStore keys;

    DraftRehearsal(Node node, AuditIndex index, PayloadStore payloads, KeyStore keys) {
        this.node = node;
        this.index = index;
        this.payloads = payloads;
        this.keys = keys;
    }

    /**
     * @param draft the bundle with the draft in it
     * @param inForce the bundle's own loader, whose folder rules and prices are read from
     */
    Rehearsed run(PolicyLoader draft, PolicyLoader inForce) throws IOException, PolicyException {
        List<ViewCompiler<?>> compilers = node.rehearsalCompilers(inForce);
        PolicySnapshot policy = PolicySource.snapshot(draft, compilers, InstantSource.system());
        List<ExchangeRow> rows = await(index.recent(Filter.ALL, MOST_CALLS)).reversed();
        // The private ledger lives in the time of the calls.
        Instant[] now = {
            rows.isEmpty() ? Instant.EPOCH : rows.getFirst().received().at()
        };
        Ledger ledger = new MemoryLedger(() -> now[0]);
        Rehearsal rehearsal = new Rehearsal(policy, node.rehearsal(ledger), ledger, known());
        Comparison comparison = new Comparison(MOST_SHOWN);
        long end = System.nanoTime() + TIME.toNanos();
        for (ExchangeRow row : rows) {
            if (System.nanoTime() > end) {
                comparison.notJudged("there was no time left", 1);
            } else {
                now[0] = row.received().at();
                judge(rehearsal, row, comparison);
            }
        }
        return told(comparison);
    }

    private void judge(Rehearsal rehearsal, ExchangeRow row, Comparison comparison) throws IOException {
        String exchange = row.received().exchange().value();
        Answer answer = await(payloads.find(exchange, row.received().at(), Part.REQUEST));
        if (answer instanceof Answer.Kept(var request)) {
            comparison.add(rehearsal.judge(request, row));
        } else {
            comparison.notJudged("no request is kept", 1);
        }
    }

    private Map<KeyId, Key> known() throws IOException {
        Map<KeyId, Key> known = new HashMap<>();
        await(keys.list(MAX_KEYS)).forEach(key -> known.put(key.id(), key));
        return known;
    }

    private static Rehearsed told(Comparison found) {
        return new Rehearsed(
                found.judgedCalls(),
                found.changedCalls(),
                found.notJudged(),
                found.changes().stream()
                        .map(one -> new Rehearsed.Change(
                                one.exchange(),
                                one.before().toString(),
                                one.after().toString()))
                        .toList());
    }

    private static <T> T await(Future<T> answer) throws IOException {
        return Blocking.await(answer, TIME);
    }
}
