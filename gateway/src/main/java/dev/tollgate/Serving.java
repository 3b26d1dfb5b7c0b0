package dev.tollgate;

import dev.tollgate.approval.CompanionCompiler;
import dev.tollgate.approval.HoldCompiler;
import dev.tollgate.approval.RewordingCompiler;
import dev.tollgate.approval.ToolCompiler;
import dev.tollgate.approval.VariedCompiler;
import dev.tollgate.audit.payload.CaptureLevels;
import dev.tollgate.budget.Budgets;
import dev.tollgate.budget.Estimator;
import dev.tollgate.budget.ExpectedOutput;
import dev.tollgate.budget.Guards;
import dev.tollgate.budget.Ledger;
import dev.tollgate.budget.OpenExchanges;
import dev.tollgate.budget.PriceList;
import dev.tollgate.budget.RateLimits;
import dev.tollgate.budget.TokenCounter;
import dev.tollgate.cli.Node;
import dev.tollgate.console.AdminToken;
import dev.tollgate.console.Collaborators;
import dev.tollgate.console.ConsoleServer;
import dev.tollgate.console.ConsoleSettings;
import dev.tollgate.console.Mails;
import dev.tollgate.console.WebhookTargets;
import dev.tollgate.console.Webhooks;
import dev.tollgate.detect.Placeholders;
import dev.tollgate.detect.RulesCompiler;
import dev.tollgate.detect.VerdictCache;
import dev.tollgate.exchange.Exchange;
import dev.tollgate.http.GuardedTransport;
import dev.tollgate.http.Meters;
import dev.tollgate.identity.AccessTokenMint;
import dev.tollgate.identity.KeyMint;
import dev.tollgate.pipeline.Notifier;
import dev.tollgate.pipeline.Outcome;
import dev.tollgate.pipeline.Pipeline;
import dev.tollgate.policy.Bundle;
import dev.tollgate.policy.ConsolePolicy;
import dev.tollgate.policy.Environment;
import dev.tollgate.policy.ListenPolicy;
import dev.tollgate.policy.PolicyException;
import dev.tollgate.policy.PolicyLoader;
import dev.tollgate.policy.PolicySource;
import dev.tollgate.policy.PolicyWatcher;
import dev.tollgate.policy.ViewCompiler;
import dev.tollgate.provider.Upstreams;
import dev.tollgate.provider.sandbox.SandboxServer;
import dev.tollgate.routing.ModelRoutes;
import dev.tollgate.routing.PathTable;
import dev.tollgate.stage.BudgetStage;
import dev.tollgate.stage.Inspector;
import dev.tollgate.stage.Offload;
import dev.tollgate.store.stream.RecordStreams;
import dev.tollgate.wire.Wires;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a node from its start to its end: opens everything, says where it is, and closes everything in reverse. */
public final class Serving implements Node {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Stands for the sandbox's where nothing is started. */
    private static final int NO_PORT = 9;

    /** Memory for what was found in texts that stored calls repeat. */
    private static final long REHEARSAL_BYTES = 64L << 20;

    private static final String EXAMPLE_MODEL = "sandbox/sandbox-small";

    private final InstantSource clock = InstantSource.system();
    private final SecureRandom random = new SecureRandom();

    @Override
    public int serve(PolicyLoader loader, PrintWriter out) {
        Vertx vertx = GuardedTransport.vertx(new VertxOptions()
                .setEventLoopPoolSize(Runtime.getRuntime().availableProcessors())
                // No file of the class path is served: the folder for them would stay in the temporary folder after a
                // kill.
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false)));
        Lifetime lifetime = new Lifetime();
        try {
            run(vertx, loader, out, lifetime);
            return 0;
        } catch (PolicyException refused) {
            out.flush();
            LOG.error("the policy bundle is not usable:\n{}", refused.getMessage());
            return 1;
        } catch (IOException failure) {
            LOG.error("the gateway cannot start: {}", failure.getMessage());
            return 1;
        } finally {
            closeQuietly(vertx);
            lifetime.over();
        }
    }

    private void run(Vertx vertx, PolicyLoader loader, PrintWriter out, Lifetime lifetime)
            throws PolicyException, IOException {
        Wires wires = new Wires();
        int sandbox = Blocking.await(new SandboxServer(vertx).start(), PATIENCE);
        PolicySource policies = PolicySource.start(
                loader, compilers(wires, Environment.SYSTEM, "http://127.0.0.1:" + sandbox, loader.folder()), clock);
        Bundle settings = policies.current().bundle();
        DataFolder folder = DataFolder.open(settings.server().dataFolder());
        Stores stores = StoreOpening.open(settings, folder.path(), clock);
        try {
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            Gateway gateway = new Gateway(
                    vertx,
                    policies,
                    stores,
                    new TokenCounter(loading(vertx), random),
                    new Gateway.Watchers(
                            new Meters(registry),
                            Notifier.all(List.of(
                                    new Webhooks(vertx, policies, Webhooks.Pauses.USUAL),
                                    new Mails(vertx, policies, Webhooks.Pauses.USUAL)))),
                    new Gateway.Chance(
                            clock,
                            random,
                            folder.placeholders(settings.payloads().key(), random)));
            PolicyRecords records = new PolicyRecords(
                    stores.log(),
                    loader.folder() == null ? "built in" : String.valueOf(loader.folder()),
                    new LastPolicy(folder.path()));
            records.onLoad(policies.current());
            policies.listen(records);
            int port = Blocking.await(gateway.start(), PATIENCE);
            String token = folder.adminToken(random);
            int console = Blocking.await(
                    console(vertx, policies, loader, stores, gateway, registry, token, port)
                            .start(),
                    PATIENCE);
            new Welcome(out)
                    .say(
                            settings,
                            folder,
                            port,
                            console,
                            FirstKey.make(folder, stores, new KeyMint(random, clock), clock));
            Optional<PolicyWatcher> watcher = watcher(policies, loader.folder());
            lifetime.awaitEnd(PATIENCE);
            LOG.info("told to end: {} calls are open", gateway.openExchanges());
            watcher.ifPresent(PolicyWatcher::close);
            Blocking.await(gateway.drain(), PATIENCE);
            gateway.close();
        } finally {
            closeQuietly(vertx);
            stores.close();
        }
    }

    // The default bundle cannot change while it runs.
    private static Optional<PolicyWatcher> watcher(PolicySource policies, @Nullable Path folder) {
        Optional<PolicyWatcher> watcher =
                Optional.ofNullable(folder).map(watched -> new PolicyWatcher(policies, watched));
        watcher.ifPresent(started -> started.start(PolicyWatcher.PAUSE));
        return watcher;
    }

    @Override
    public List<ViewCompiler<?>> compilers(PolicyLoader loader) {
        return compilers(new Wires(), Environment.SYSTEM, "http://127.0.0.1:" + NO_PORT, loader.folder());
    }

    @Override
    public List<ViewCompiler<?>> rehearsalCompilers(PolicyLoader loader) {
        Environment everywhere = name -> {
            String here = Environment.SYSTEM.get(name);
            return here == null && name.endsWith("_API_KEY") ? "none-is-needed" : here;
        };
        return compilers(new Wires(), everywhere, "http://127.0.0.1:" + NO_PORT, loader.folder());
    }

    @Override
    public Function<Exchange, Future<Outcome>> rehearsal(Ledger ledger) {
        Wires wires = new Wires();
        TokenCounter tokens = new TokenCounter(Runnable::run, random);
        BudgetStage budget = new BudgetStage(wires, new Estimator(tokens), new ExpectedOutput(), ledger);
        Offload here = new Offload() {
            @Override
            public <T> Future<T> run(Callable<T> work) {
                return Future.future(promise -> {
                    try {
                        promise.complete(work.call());
                    } catch (Exception failure) { // a callable may throw any: the pipeline decides what that means
                        promise.fail(failure);
                    }
                });
            }
        };
        OpenExchanges open = new OpenExchanges();
        Inspector inspector = new Inspector(new VerdictCache(REHEARSAL_BYTES), here, Placeholders.passing(random));
        Pipeline stages = RequestPath.rehearsal(wires, open, budget, inspector);
        return exchange -> stages.run(exchange)
                .onComplete(judged -> open.leave(exchange.caller().key(), exchange.id()));
    }

    /** What the domains make of a bundle. */
    static List<ViewCompiler<?>> compilers(
            Wires wires, Environment environment, String sandboxUrl, @Nullable Path bundleFolder) {
        return List.of(
                PathTable.compiler(wires),
                ModelRoutes.compiler(new SecureRandom()),
                Upstreams.compiler(environment, sandboxUrl),
                Budgets.compiler(),
                WebhookTargets.compiler(),
                RecordStreams.compiler(),
                RateLimits.compiler(),
                PriceList.compiler(bundleFolder),
                Guards.compiler(),
                CaptureLevels.compiler(),
                new HoldCompiler(),
                new VariedCompiler(),
                new RewordingCompiler(),
                new CompanionCompiler(),
                new ToolCompiler(),
                new RulesCompiler(bundleFolder));
    }

    private ConsoleServer console(
            Vertx vertx,
            PolicySource policies,
            PolicyLoader loader,
            Stores stores,
            Gateway gateway,
            PrometheusMeterRegistry registry,
            String token,
            int port) {
        ListenPolicy listen = policies.current().bundle().server().console();
        ConsolePolicy console = policies.current().bundle().console();
        String scheme = policies.current().bundle().server().dataPlane().certificate() == null ? "http" : "https";
        Collaborators collaborators = new Collaborators(
                stores.tickets(),
                gateway.desk(),
                stores.grants(),
                stores.replies(),
                stores.index(),
                stores.log(),
                stores.feed(),
                stores.payloads(),
                stores.keys(),
                new KeyMint(random, clock),
                stores.tokens(),
                new AccessTokenMint(random, clock),
                stores.sessions(),
                stores.ledger(),
                new PolicyOffice(
                        vertx,
                        policies,
                        loader,
                        compilers(loader),
                        new DraftRehearsal(this, stores.index(), stores.payloads(), stores.keys())),
                new ProviderOffice(registry, gateway.breakers(), policies),
                new LogOffice(vertx, policies.current().bundle().server().dataFolder(), stores.checkpoint(), clock),
                gateway.checks(),
                registry::scrape,
                new AdminToken(token));
        ConsoleSettings settings = new ConsoleSettings(
                listen,
                console.host().isEmpty() ? List.of() : List.of(console.host()),
                scheme + "://127.0.0.1:" + port,
                EXAMPLE_MODEL,
                Objects.requireNonNullElse(Serving.class.getPackage().getImplementationVersion(), "development"));
        return new ConsoleServer(vertx, collaborators, settings, clock, random);
    }

    private static java.util.concurrent.Executor loading(Vertx vertx) {
        return task -> vertx.executeBlocking(() -> {
                    task.run();
                    return true;
                })
                .onFailure(failure -> LOG.error("a vocabulary could not be loaded", failure));
    }

    private static void closeQuietly(Vertx vertx) {
        try {
            Blocking.await(vertx.close(), PATIENCE);
        } catch (IOException late) {
            LOG.warn("not everything could be closed: {}", late.getMessage());
        }
    }
}
