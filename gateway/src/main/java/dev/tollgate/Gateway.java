package dev.tollgate;

import dev.tollgate.approval.GrantDesk;
import dev.tollgate.approval.TicketDesk;
import dev.tollgate.approval.TicketDrafter;
import dev.tollgate.approval.ToolRules;
import dev.tollgate.budget.Estimator;
import dev.tollgate.budget.ExpectedOutput;
import dev.tollgate.budget.Guard;
import dev.tollgate.budget.OpenExchanges;
import dev.tollgate.budget.RateKeeper;
import dev.tollgate.budget.TokenCounter;
import dev.tollgate.console.HealthChecks;
import dev.tollgate.console.HealthChecks.Check;
import dev.tollgate.detect.Placeholders;
import dev.tollgate.detect.VerdictCache;
import dev.tollgate.http.Admission;
import dev.tollgate.http.Billing;
import dev.tollgate.http.DataPlane;
import dev.tollgate.http.DataPlaneServer;
import dev.tollgate.http.Meters;
import dev.tollgate.http.PayloadCapture;
import dev.tollgate.http.ReplyShelf;
import dev.tollgate.http.Settlement;
import dev.tollgate.identity.KeyDirectory;
import dev.tollgate.pipeline.Notifier;
import dev.tollgate.pipeline.Pipeline;
import dev.tollgate.policy.LimitsPolicy;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.policy.ServerPolicy;
import dev.tollgate.provider.Breakers;
import dev.tollgate.provider.ConnectionPools;
import dev.tollgate.provider.Provider;
import dev.tollgate.stage.BudgetStage;
import dev.tollgate.stage.IdentifyStage;
import dev.tollgate.stage.Inspector;
import dev.tollgate.stage.LimitStage;
import dev.tollgate.stage.Masking;
import dev.tollgate.stage.Offload;
import dev.tollgate.store.memory.MemoryRateLimiter;
import dev.tollgate.wire.Wires;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data plane of a node, wired: the only class that sees all rooms. */
final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    /** Memory for what was found in texts that agents send again each turn. */
    private static final long VERDICT_BYTES = 16L << 20;

    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final PolicySource policies;
    private final Stores stores;
    private final InstantSource clock;
    private final Wires wires = new Wires();
    private final OpenExchanges open = new OpenExchanges();
    private final ExpectedOutput expected = new ExpectedOutput();
    private final Admission admission = new Admission();
    private final Breakers breakers = new Breakers();
    private final KeyDirectory keys;
    private final TicketDesk desk;
    private final GrantDesk grants;
    private final ReplyShelf shelf;
    private final Meters meters;
    private final Pipeline pipeline;
    private final RateKeeper rates;
    private final Billing billing;
    private final Settlement settlement;
    private final Inspector inspector;
    private final PayloadCapture payloads;
    private final ExchangeIds ids;
    private final TicketDrafter drafter;
    private final List<DataPlaneServer> servers = new ArrayList<>();
    private final BudgetAlerts alerts;
    private final PayloadRetention retention;
    private final TicketRetention ticketRetention;
    private long sweeping = -1;
    private long refreshing = -1;
    private volatile String deployment = "";
    private volatile boolean ending;

    /**
     * @param tokens how many tokens texts have
     */
    Gateway(Vertx vertx, PolicySource policies, Stores stores, TokenCounter tokens, Watchers watchers, Chance chance) {
        this.vertx = vertx;
        this.policies = policies;
        this.stores = stores;
        this.clock = chance.clock();
        this.meters = watchers.meters();
        this.keys = new KeyDirectory(stores.keys(), System::nanoTime);
        this.desk = new TicketDesk(
                vertx,
                stores.tickets(),
                new TicketRecords(stores.log(), clock, new TicketNotices(policies, watchers.notifier(), clock)),
                clock);
        this.grants = new GrantDesk(stores.grants(), clock);
        this.shelf = new ReplyShelf(stores.replies(), clock);
        this.rates = new RateKeeper(stores.rates(), new MemoryRateLimiter(clock), new Guard(clock));
        this.settlement = new Settlement(
                new Settlement.Counters(stores.ledger(), rates, open, expected), stores.log(), meters, clock);
        this.billing = new Billing(tokens, Offload.workers(vertx));
        this.ids = new ExchangeIds(clock, chance.random());
        this.drafter = new TicketDrafter(chance.random(), clock);
        BudgetStage budget = new BudgetStage(wires, new Estimator(tokens), expected, stores.ledger());
        this.alerts = new BudgetAlerts(policies, stores, watchers.notifier(), clock);
        this.inspector = new Inspector(new VerdictCache(VERDICT_BYTES), Offload.workers(vertx), chance.placeholders());
        this.retention = new PayloadRetention(policies, stores.payloads(), stores.log(), clock);
        this.ticketRetention = new TicketRetention(policies, stores.tickets(), stores.log(), clock);
        this.payloads = new PayloadCapture(stores.payloads(), new Masking(inspector), chance.random());
        this.pipeline = RequestPath.pipeline(
                keys,
                wires,
                open,
                new LimitStage(rates, watchers.notifier(), clock),
                budget,
                inspector,
                new AuditHistory(stores.index()));
    }

    /**
     * @param meters count for people
     * @param notifier tells people outside
     */
    record Watchers(Meters meters, Notifier notifier) {}

    /**
     * @param clock the time
     * @param random for ids and keys
     * @param placeholders names for what is redacted
     */
    record Chance(InstantSource clock, java.security.SecureRandom random, Placeholders placeholders) {}

    /** Begins to listen; yields the port. */
    Future<Integer> start() {
        desk.start(TicketDesk.POLL);
        sweeping = vertx.setPeriodic(SWEEP.toMillis(), ignored -> sweep());
        refreshing = vertx.setPeriodic(0, ReplyShelf.REFRESH.toMillis(), ignored -> refreshShelf());
        ServerPolicy server = policies.current().bundle().server();
        LimitsPolicy limits = server.limits();
        int loops = Runtime.getRuntime().availableProcessors();
        return vertx.deployVerticle(
                        () -> {
                            DataPlaneServer one = new DataPlaneServer(server.dataPlane(), limits, () -> plane(limits));
                            synchronized (servers) {
                                servers.add(one);
                            }
                            return one;
                        },
                        new DeploymentOptions().setInstances(loops))
                .map(deployed -> {
                    deployment = deployed;
                    return servers.get(0).port();
                });
    }

    private DataPlane plane(LimitsPolicy limits) {
        return new DataPlane(
                policies,
                wires,
                new IdentifyStage(keys),
                pipeline,
                new Provider(vertx, ConnectionPools.open(vertx, limits), breakers),
                desk,
                grants,
                shelf,
                drafter,
                billing,
                settlement,
                inspector,
                payloads,
                admission,
                meters,
                clock,
                ids);
    }

    private void refreshShelf() {
        // Nobody who has no rules that hold calls of tools keeps replies.
        if (policies.current().view(ToolRules.class).holdCalls()) {
            shelf.refresh();
        }
    }

    private void sweep() {
        stores.ledger()
                .sweep()
                .onSuccess(charged -> {
                    if (charged > 0) {
                        LOG.warn("{} holds ran out without being settled and were charged whole", charged);
                    }
                })
                .onFailure(away -> LOG.warn("holds could not be swept: {}", away.toString()));
        if (!alerts.isLooking()) {
            alerts.look().onFailure(unsaid -> LOG.warn("a full budget could not be recorded: {}", unsaid.toString()));
        }
        retention.look().onFailure(kept -> LOG.warn("old payloads could not be dropped: {}", kept.toString()));
        ticketRetention.look().onFailure(kept -> LOG.warn("old tickets could not be dropped: {}", kept.toString()));
        rates.renew().onFailure(away -> LOG.warn("slots of rate limits could not be renewed: {}", away.toString()));
    }

    /** Tells when budgets fill. */
    BudgetAlerts alerts() {
        return alerts;
    }

    /** Where held calls wait: the console decides there too. */
    TicketDesk desk() {
        return desk;
    }

    /** How many exchanges are open on this node. */
    int openExchanges() {
        return open.count();
    }

    /** States of the breakers, by target. */
    Breakers breakers() {
        return breakers;
    }

    /** Whether calls are taken, beside what the stores tell. */
    HealthChecks checks() {
        return () -> stores.checks().run().map(checks -> {
            List<Check> all = new ArrayList<>(checks);
            all.add(new Check("calls", !ending, ending ? "this node ends and takes no new calls" : "calls are taken"));
            return all;
        });
    }

    /** Listens no longer and lets open exchanges end, a while; those that have not ended then are cut. */
    Future<Void> drain() {
        ending = true;
        return deployment.isEmpty() ? Future.succeededFuture() : vertx.undeploy(deployment);
    }

    /** Stops what runs by itself. */
    void close() {
        vertx.cancelTimer(sweeping);
        vertx.cancelTimer(refreshing);
        desk.close();
    }
}
