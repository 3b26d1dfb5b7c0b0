package dev.tollgate;

import dev.tollgate.approval.GrantStore;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.RecordFeed;
import dev.tollgate.audit.payload.PayloadStore;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.RateLimiter;
import dev.tollgate.console.HealthChecks;
import dev.tollgate.identity.AccessTokenStore;
import dev.tollgate.identity.ConsoleSessionStore;
import dev.tollgate.identity.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a gateway keeps its state in.
 *
 * @param keys gateway keys
 * @param tokens tokens of the console's API
 * @param sessions who is signed in to the console
 * @param tickets held calls
 * @param grants standing leave for calls
 * @param replies replies that wait for a person
 * @param log the append-only log
 * @param checkpoint the newest checkpoint of this node's log as a signed note; empty for none
 * @param feed this node's records as they happen
 * @param index questions about the log
 * @param payloads what requests and replies said
 * @param ledger counters of money
 * @param rates counters of rate limits
 * @param told what people were told of budgets before, see {@link dev.tollgate.audit.Recovered#told}
 * @param checks whether each of them can be reached
 * @param closing what to close at the end, in this order
 */
record Stores(
        KeyStore keys,
        AccessTokenStore tokens,
        ConsoleSessionStore sessions,
        TicketStore tickets,
        GrantStore grants,
        KeptReplies replies,
        AuditLog log,
        Supplier<String> checkpoint,
        RecordFeed feed,
        AuditIndex index,
        PayloadStore payloads,
        Ledger ledger,
        RateLimiter rates,
        Map<String, Integer> told,
        HealthChecks checks,
        List<AutoCloseable> closing) {
    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);

    Stores {
        closing = List.copyOf(closing);
    }

    void close() {
        close(closing);
    }

    static void close(List<AutoCloseable> resources) {
        for (AutoCloseable resource : resources) {
            try {
                resource.close();
            } catch (Exception failure) {
                // Whatever one of them does, the others are closed as well.
                LOG.warn("{} could not be closed", resource, failure);
            }
        }
    }
}
