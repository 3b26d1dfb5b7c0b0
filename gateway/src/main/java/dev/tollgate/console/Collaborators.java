package dev.tollgate.console;

import dev.tollgate.audit.AuditIndex;
import dev.tollgate.audit.AuditLog;
import dev.tollgate.identity.KeyStore;
import java.util.function.Supplier;

/**
 * What the console shows and changes.
 *
 * @param approvals tickets
 * @param index exchanges and spend
 * @param log where administrative actions are recorded
 * @param keys keys
 * @param keyMaker makes new ones
 * @param budgets what budgets hold
 * @param policy the policy in force
 * @param health what must work
 * @param metrics writes all meters in Prometheus' text form; called off the event loop
 * @param admin opens the console
 */
public record Collaborators(
        Approvals approvals,
        AuditIndex index,
        AuditLog log,
        KeyStore keys,
        KeyMaker keyMaker,
        BudgetView budgets,
        PolicyDesk policy,
        HealthChecks health,
        Supplier<String> metrics,
        AdminToken admin) {}
