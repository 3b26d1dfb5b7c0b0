package dev.tollgate.policy;

import static dev.tollgate.policy.Defaults.or;

import java.util.Map;

/**
 * A policy bundle: everything the operator can say, one component per top-level YAML section. A section that is missing has its defaults.
 *
 * @param server where the gateway listens, its limits and its data folder
 * @param console how people get into the console
 * @param store where counters, keys, tickets and the audit index are kept
 * @param audit how the journal is written
 * @param payloads what is kept of requests and replies themselves
 * @param providers providers by id: the built-in catalog, with your own entries over it key by key
 * @param models names that agents use for models, and what serves them
 * @param routing retries, fallbacks, and what passes besides
 * @param identity how callers prove who they are
 * @param budget request cap, budgets, and what happens without a price
 * @param rateLimits how fast calls may come
 * @param guard what stops an agent that runs away
 * @param scan what is done about secrets and personal data
 * @param detect what is done about injection, jailbreak and exfiltration
 * @param tools which tools agents may define, and which calls of tools reach them
 * @param approval which calls wait for a person
 * @param metering what is done to learn the usage of a reply
 * @param notifications who outside is told of what happens here
 * @param prices what you pay, where it is not the list price
 */
public record Bundle(
        ServerPolicy server,
        ConsolePolicy console,
        StorePolicy store,
        AuditPolicy audit,
        PayloadPolicy payloads,
        Map<String, ProviderEntry> providers,
        Map<String, ModelAlias> models,
        RoutingPolicy routing,
        IdentityPolicy identity,
        BudgetPolicy budget,
        RateLimitsPolicy rateLimits,
        GuardPolicy guard,
        ScanPolicy scan,
        DetectPolicy detect,
        ToolsPolicy tools,
        ApprovalPolicy approval,
        MeteringPolicy metering,
        NotifyPolicy notifications,
        PricesPolicy prices) {

    public Bundle {
        server = or(server, ServerPolicy.DEFAULT);
        console = or(console, ConsolePolicy.DEFAULT);
        store = or(store, StorePolicy.DEFAULT);
        audit = or(audit, AuditPolicy.DEFAULT);
        payloads = or(payloads, PayloadPolicy.DEFAULT);
        providers = Map.copyOf(or(providers, Map.of()));
        models = Map.copyOf(or(models, Map.of()));
        routing = or(routing, RoutingPolicy.DEFAULT);
        identity = or(identity, IdentityPolicy.DEFAULT);
        budget = or(budget, BudgetPolicy.DEFAULT);
        rateLimits = or(rateLimits, RateLimitsPolicy.DEFAULT);
        guard = or(guard, GuardPolicy.DEFAULT);
        scan = or(scan, ScanPolicy.DEFAULT);
        detect = or(detect, DetectPolicy.DEFAULT);
        tools = or(tools, ToolsPolicy.DEFAULT);
        approval = or(approval, ApprovalPolicy.DEFAULT);
        metering = or(metering, MeteringPolicy.DEFAULT);
        notifications = or(notifications, NotifyPolicy.DEFAULT);
        prices = or(prices, PricesPolicy.DEFAULT);
    }
}
