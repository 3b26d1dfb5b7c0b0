package dev.tollgate.console;

import dev.tollgate.policy.ListenPolicy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The console's server: pages, API and probes on one port. */
public final class ConsoleServer {
    private final ConsoleSettings settings;
    private final HttpServer server;
    private final Sessions sessions;
    private final List<Route> routes = new ArrayList<>();

    public ConsoleServer(
            Vertx vertx,
            Collaborators collaborators,
            ConsoleSettings settings,
            InstantSource clock,
            SecureRandom random) {
        this.settings = settings;
        Assets assets = new Assets();
        Templates templates = new Templates();
        PolicyDesk policy = collaborators.policy();
        this.sessions = new Sessions(collaborators.sessions(), collaborators.admin(), policy, random, clock);
        Visitors visitors = new Visitors(random);
        Cookies cookies = new Cookies(
                settings.isTls() || policy.current().bundle().console().isSecure());
        WrongTokens wrong = new WrongTokens();
        SignIns signIns = new SignIns(new Deeds(collaborators.log(), clock));
        Entrance entrance = new Entrance(templates, assets.links(), sessions, visitors, cookies, signIns, policy);
        Doorkeeper doorkeeper = new Doorkeeper(collaborators, entrance, wrong, clock);
        Shell shell = new Shell(
                collaborators,
                settings,
                templates,
                assets.links(),
                new BudgetBoard(collaborators.policy(), collaborators.ledger(), clock),
                clock);
        routes.addAll(assets.routes());
        routes.addAll(new SignInPages(entrance, doorkeeper).routes());
        routes.addAll(new OidcPages(vertx, entrance, wrong, settings.isTls()).routes());
        routes.addAll(new OverviewPage(shell).routes());
        routes.addAll(new BatchPages(shell).routes());
        routes.addAll(new ApprovalPages(shell).routes());
        routes.addAll(new QueueEvents(vertx, shell).routes());
        // Behind what else has a fixed place below /approvals.
        routes.addAll(new TicketPages(shell).routes());
        routes.addAll(new GrantPages(shell).routes());
        routes.addAll(new SessionPages(shell, new SessionContents(vertx, collaborators.payloads())).routes());
        routes.addAll(new ExchangePages(shell).routes());
        routes.addAll(new SpendPage(shell).routes());
        routes.addAll(new BudgetPage(shell).routes());
        routes.addAll(new KeyPages(shell).routes());
        routes.addAll(new PolicyPage(shell, new PolicyHistory(vertx, collaborators.feed())).routes());
        routes.addAll(new DraftPages(shell).routes());
        routes.addAll(new ConnectPage(vertx, shell).routes());
        routes.addAll(new ProviderPage(shell).routes());
        routes.addAll(new IntegrityPage(shell).routes());
        routes.addAll(new HealthPage(shell).routes());
        routes.addAll(new TokenPages(shell).routes());
        routes.addAll(new Api(shell).routes());
        routes.addAll(new KeyApi(shell).routes());
        routes.addAll(new TokenApi(shell).routes());
        routes.addAll(new ApiDescription().routes());
        routes.addAll(new RecordEvents(vertx, collaborators.feed()).routes());
        routes.addAll(new Probes(vertx, shell).routes());
        Hosts hosts = new Hosts(settings.listen().host(), settings.hosts());
        Edge edge = new Edge(vertx, hosts, routes, doorkeeper, new Problems(templates, assets.links(), random));
        this.server = vertx.createHttpServer(options(settings.listen())).requestHandler(edge::take);
    }

    /** Begins to listen; yields the port. */
    public Future<Integer> start() {
        return server.listen(settings.listen().port(), settings.listen().host()).map(HttpServer::actualPort);
    }

    /** Stops listening and closes what is open. */
    public Future<Void> close() {
        return server.close();
    }

    /** All that is answered to. */
    List<Route> routes() {
        return List.copyOf(routes);
    }

    /** Whoever is signed in. */
    Sessions sessions() {
        return sessions;
    }

    private static HttpServerOptions options(ListenPolicy listen) {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(Limits.MAX_REQUEST_LINE_BYTES)
                .setMaxHeaderSize(Limits.MAX_HEAD_BYTES)
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(Limits.IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        Path certificate = listen.certificate();
        Path privateKey = listen.privateKey();
        if (certificate != null && privateKey != null) {
            options.setSsl(true)
                    .setUseAlpn(false)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(certificate.toString())
                            .setKeyPath(privateKey.toString()));
        }
        return options;
    }
}
