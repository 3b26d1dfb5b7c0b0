package dev.tollgate.console;

import dev.tollgate.approval.GrantStore;
import dev.tollgate.approval.KeptReplies;
import dev.tollgate.approval.TicketDesk;
import dev.tollgate.approval.TicketStore;
import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditLog;
import dev.tollgate.audit.RecordFeed;
import dev.tollgate.audit.payload.PayloadStore;
import dev.tollgate.budget.Ledger;
import dev.tollgate.identity.AccessTokenMint;
import dev.tollgate.identity.AccessTokenStore;
import dev.tollgate.identity.ConsoleSessionStore;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.identity.KeyStore;
import java.util.function.Supplier;

/**
 * What the console shows and changes.
 *
 * @param tickets where tickets are seen
 * @param desk where they are decided: wakes the client that waits
 * @param grants standing leave for calls
 * @param replies what held calls say as it came, among others
 * @param index exchanges and spend
 * @param log where administrative actions are recorded
 * @param feed this node's records as they happen
 * @param payloads what requests and replies said
 * @param keys keys
 * @param mint makes new ones
 * @param tokens tokens of the API
 * @param tokenMint makes new ones
 * @param sessions who is signed in
 * @param ledger what budgets hold
 * @param policy the policy in force, compiled with a view of its budgets
 * @param providers how providers do
 * @param integrity this node's journal
 * @param health what must work
 * @param metrics writes all meters in Prometheus' text form; called off the event loop
 * @param admin opens the console
 */
public record Collaborators(
        TicketStore tickets,
        TicketDesk desk,
        GrantStore grants,
        KeptReplies replies,
        AuditIndex index,
        AuditLog log,
        RecordFeed feed,
        PayloadStore payloads,
        KeyStore keys,
        KeyMint mint,
        AccessTokenStore tokens,
        AccessTokenMint tokenMint,
        ConsoleSessionStore sessions,
        Ledger ledger,
        PolicyDesk policy,
        ProviderFigures providers,
        LogDesk integrity,
        HealthChecks health,
        Supplier<String> metrics,
        AdminToken admin) {}
